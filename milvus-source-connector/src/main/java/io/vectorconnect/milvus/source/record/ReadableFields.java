package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Asks the server for each field by name. A request for all of them ({@code *}) leaves out fields
 * that are not loaded and outputs of functions without a word.
 */
public final class ReadableFields {
  private ReadableFields() {}

  /**
   * Makes sure that the server returns every field that is to be read.
   *
   * @throws ConnectException naming the fields that it does not return
   */
  public static void require(
      MilvusClient client, Collection collection, MilvusSourceConfig config) {
    problem(client, collection, config)
        .ifPresent(
            problem -> {
              throw new ConnectException(problem.message());
            });
  }

  /** The fields that the server does not return, if there are any. */
  public static Optional<Problem> problem(
      MilvusClient client, Collection collection, MilvusSourceConfig config) {
    FieldChoice choice = FieldChoice.of(collection, config);
    List<String> names = choice.read().stream().map(FieldSchema::getName).toList();
    if (refusal(client, collection, names).isEmpty()) {
      return choice.dynamic() ? dynamicProblem(client, collection) : Optional.empty();
    }
    List<String> outputs = new ArrayList<>();
    List<String> others = new ArrayList<>();
    String reason = "";
    for (String name : names) {
      Optional<MilvusException> refusal = refusal(client, collection, List.of(name));
      if (refusal.isPresent()) {
        (choice.outputs().contains(name) ? outputs : others).add(name);
        reason = refusal.get().getMessage();
      }
    }
    if (!others.isEmpty()) {
      return Optional.of(
          new Problem(
              FieldKeys.EXCLUDE,
              "Milvus does not return the fields %s of collection %s, which happens when they are not loaded: release the collection and load it with all fields, or exclude them by %s. %s"
                  .formatted(others, collection.name(), FieldKeys.EXCLUDE, reason)));
    }
    return outputs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                FieldKeys.OUTPUTS,
                "Milvus computes the fields %s of collection %s and does not return them; take them off %s. %s"
                    .formatted(outputs, collection.name(), FieldKeys.OUTPUTS, reason)));
  }

  /** Not every server takes the name of the dynamic fields, so a whole row shows them. */
  private static Optional<Problem> dynamicProblem(MilvusClient client, Collection collection) {
    List<FieldData> row =
        client.one(collection.name(), anyKey(collection), List.of("*")).getFieldsDataList();
    boolean hasRow =
        row.stream()
            .filter(column -> column.getFieldName().equals(collection.key().getName()))
            .map(FieldData::getScalars)
            .anyMatch(
                keys ->
                    keys.getLongData().getDataCount() + keys.getStringData().getDataCount() > 0);
    boolean hasDynamic =
        row.stream()
            .anyMatch(
                column ->
                    column.getIsDynamic() || column.getFieldName().equals(ColumnReader.DYNAMIC));
    return !hasRow || hasDynamic
        ? Optional.empty()
        : Optional.of(
            new Problem(
                FieldKeys.EXCLUDE,
                "Milvus does not return the dynamic fields of collection %s, which happens when they are not loaded: release the collection and load it with them, or exclude %s by %s"
                    .formatted(collection.name(), ColumnReader.DYNAMIC, FieldKeys.EXCLUDE)));
  }

  private static String anyKey(Collection collection) {
    return collection.keyType().any(collection.key().getName());
  }

  private static Optional<MilvusException> refusal(
      MilvusClient client, Collection collection, List<String> fields) {
    try {
      client.one(collection.name(), anyKey(collection), fields);
      return Optional.empty();
    } catch (MilvusException e) {
      return switch (e.kind()) {
        case INVALID, REFUSED -> Optional.of(e);
        default -> throw e;
      };
    }
  }
}
