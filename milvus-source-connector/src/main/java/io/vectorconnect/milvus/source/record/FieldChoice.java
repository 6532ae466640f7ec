package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Which fields of a collection are read.
 *
 * @param read in the collection's order
 * @param outputs those of {@code read} that a function computes
 * @param omitted names of the others, excluded or computed by a function
 * @param dynamic whether the dynamic fields are read
 */
public record FieldChoice(
    List<FieldSchema> read, List<String> outputs, Set<String> omitted, boolean dynamic) {
  /**
   * What a configuration chooses.
   *
   * @throws ConnectException when it excludes the primary key
   */
  static FieldChoice of(Collection collection, MilvusSourceConfig config) {
    List<FieldSchema> read = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Set<String> omitted = new HashSet<>();
    for (FieldSchema field : collection.fields()) {
      String name = field.getName();
      boolean output = field.getIsFunctionOutput();
      if (matches(config.excludedFields(), collection, name)
          || (output && !matches(config.functionOutputs(), collection, name))) {
        omitted.add(name);
        continue;
      }
      read.add(field);
      if (output) {
        outputs.add(name);
      }
    }
    if (omitted.contains(collection.key().getName())) {
      throw new ConnectException(
          "%s excludes field %s of collection %s, which is its primary key; take it off the list"
              .formatted(FieldKeys.EXCLUDE, collection.key().getName(), collection.name()));
    }
    boolean dynamic = !matches(config.excludedFields(), collection, ColumnReader.DYNAMIC);
    if (!dynamic) {
      omitted.add(ColumnReader.DYNAMIC);
    }
    return new FieldChoice(
        List.copyOf(read),
        List.copyOf(outputs),
        Set.copyOf(omitted),
        dynamic && collection.dynamic());
  }

  private static boolean matches(List<String> patterns, Collection collection, String field) {
    String name = collection.name() + '.' + field;
    return patterns.stream().anyMatch(name::matches);
  }

  /** The outputs of functions that are not read, and are not excluded by name either. */
  public static List<String> unreadOutputs(Collection collection, MilvusSourceConfig config) {
    Set<String> omitted = of(collection, config).omitted();
    return collection.fields().stream()
        .filter(FieldSchema::getIsFunctionOutput)
        .map(FieldSchema::getName)
        .filter(omitted::contains)
        .filter(name -> !matches(config.excludedFields(), collection, name))
        .toList();
  }
}
