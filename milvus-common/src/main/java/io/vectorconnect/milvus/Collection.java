package io.vectorconnect.milvus;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.StructArrayFieldSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A collection as the connectors need it.
 *
 * @param name its name
 * @param id its number, which a collection that is dropped and created again does not keep
 * @param fields in the collection's order, then its struct arrays as fields of type {@link
 *     DataType#ArrayOfStruct}; outputs of functions are marked
 * @param dynamic whether rows may have fields beyond these
 * @param metrics the distance metric of indexed vector fields
 * @param properties what was set on it beside its schema
 * @param changed Milvus's time of the last change of the schema; 0 where the server does not say
 */
public record Collection(
    String name,
    long id,
    List<FieldSchema> fields,
    boolean dynamic,
    Map<String, String> metrics,
    Map<String, String> properties,
    long changed) {
  /** The property that names the connector that created a collection. */
  public static final String CREATED_BY = "vector_connect.connector";

  /**
   * Milvus 3 sets this field (a bool) of a StructArrayFieldSchema; the SDK does not know it yet.
   */
  private static final int NULLABLE_STRUCT = 6;

  /** A collection without properties, of which no change is known. */
  public Collection(
      String name,
      long id,
      List<FieldSchema> fields,
      boolean dynamic,
      Map<String, String> metrics) {
    this(name, id, fields, dynamic, metrics, Map.of(), 0);
  }

  /** Asks the server. */
  public static Collection describe(MilvusClient client, String name) {
    return of(name, client.describe(name), client.metrics(name));
  }

  /** What a server's answer says. */
  static Collection of(
      String name, DescribeCollectionResponse response, Map<String, String> metrics) {
    return new Collection(
        name,
        response.getCollectionID(),
        fields(response.getSchema()),
        response.getSchema().getEnableDynamicField(),
        metrics,
        response.getPropertiesList().stream()
            .collect(Collectors.toMap(KeyValuePair::getKey, KeyValuePair::getValue)),
        response.getUpdateTimestamp());
  }

  private static List<FieldSchema> fields(CollectionSchema schema) {
    Set<String> outputs = new HashSet<>();
    for (FunctionSchema function : schema.getFunctionsList()) {
      outputs.addAll(function.getOutputFieldNamesList());
    }
    List<FieldSchema> fields = new ArrayList<>();
    for (FieldSchema field : schema.getFieldsList()) {
      fields.add(
          outputs.contains(field.getName())
              ? field.toBuilder().setIsFunctionOutput(true).build()
              : field);
    }
    for (StructArrayFieldSchema struct : schema.getStructArrayFieldsList()) {
      fields.add(
          FieldSchema.newBuilder()
              .setFieldID(struct.getFieldID())
              .setName(struct.getName())
              .setDataType(DataType.ArrayOfStruct)
              .setNullable(struct.getUnknownFields().hasField(NULLABLE_STRUCT))
              .build());
    }
    return List.copyOf(fields);
  }

  /** The type as users write it, also where it is newer than this connector. */
  public static String typeName(FieldSchema field) {
    return field.getDataType() == DataType.UNRECOGNIZED
        ? "number %d of the server's types".formatted(field.getDataTypeValue())
        : field.getDataType().toString();
  }

  /** Whether a connector of this name created it. */
  public boolean createdBy(String connector) {
    return connector.equals(properties.get(CREATED_BY));
  }

  /** The field of the primary key. */
  public FieldSchema key() {
    return fields.stream()
        .filter(FieldSchema::getIsPrimaryKey)
        .findFirst()
        .orElseThrow(() -> new ConnectException("collection " + name + " has no primary key"));
  }

  /** The type of the primary key. */
  public KeyType keyType() {
    return key().getDataType() == DataType.VarChar ? KeyType.VARCHAR : KeyType.INT64;
  }

  /** The dimension of a vector field, where its type has one. */
  public static OptionalInt dimension(FieldSchema field) {
    for (KeyValuePair parameter : field.getTypeParamsList()) {
      if (parameter.getKey().equals("dim")) {
        return OptionalInt.of(Integer.parseInt(parameter.getValue()));
      }
    }
    return OptionalInt.empty();
  }
}
