package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A collection, as rows are written to it: rows of one target go in one request. */
public final class Target {
  private final String collection;
  private final List<Column> columns;
  private final Set<String> fieldNames;
  private final String keyName;
  private final KeyType keyType;
  private final boolean keyMadeByServer;
  private final boolean dynamic;
  private final Set<String> computed;

  public Target(Collection collection) {
    FieldSchema key = collection.key();
    this.collection = collection.name();
    this.keyName = key.getName();
    this.keyType = collection.keyType();
    this.keyMadeByServer = key.getAutoID();
    this.dynamic = collection.dynamic();
    this.computed =
        collection.fields().stream()
            .filter(FieldSchema::getIsFunctionOutput)
            .map(FieldSchema::getName)
            .collect(Collectors.toUnmodifiableSet());
    this.fieldNames =
        collection.fields().stream().map(FieldSchema::getName).collect(Collectors.toSet());
    this.columns =
        collection.fields().stream()
            .filter(field -> !field.getIsFunctionOutput())
            .filter(field -> !(keyMadeByServer && field.getIsPrimaryKey()))
            .map(Column::of)
            .toList();
  }

  /** The collection's name. */
  public String collection() {
    return collection;
  }

  /** The fields that a row has values for, in order. */
  List<Column> columns() {
    return columns;
  }

  /** The names of all fields, also of those that rows have no values for. */
  Set<String> fieldNames() {
    return fieldNames;
  }

  public String keyName() {
    return keyName;
  }

  /** Which of the columns is the primary key; -1 where the server makes it. */
  int keyIndex() {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(keyName)) {
        return i;
      }
    }
    return -1;
  }

  public KeyType keyType() {
    return keyType;
  }

  /** autoID: rows come without key. */
  boolean keyMadeByServer() {
    return keyMadeByServer;
  }

  /** Whether rows of both have the same fields. */
  public boolean hasFieldsOf(Target other) {
    return columns.equals(other.columns)
        && computed.equals(other.computed)
        && dynamic == other.dynamic;
  }

  /** The fields that the server computes by functions, for which a row has no values. */
  Set<String> computed() {
    return computed;
  }

  /** Whether a row may have fields beyond the columns. */
  boolean dynamic() {
    return dynamic;
  }
}
