package io.vectorconnect.milvus;

import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A collection as the connectors need it.
 *
 * @param name its name
 * @param id its number, which a collection that is dropped and created again does not keep
 * @param fields in the collection's order
 * @param dynamic whether rows may have fields beyond these
 * @param metrics the distance metric of indexed vector fields
 * @param properties what was set on it beside its schema
 */
public record Collection(
    String name,
    long id,
    List<FieldSchema> fields,
    boolean dynamic,
    Map<String, String> metrics,
    Map<String, String> properties) {
  /** The property that names the connector that created a collection. */
  public static final String CREATED_BY = "vector_connect.connector";

  /** A collection without properties. */
  public Collection(
      String name,
      long id,
      List<FieldSchema> fields,
      boolean dynamic,
      Map<String, String> metrics) {
    this(name, id, fields, dynamic, metrics, Map.of());
  }

  /** Asks the server. */
  public static Collection describe(MilvusClient client, String name) {
    DescribeCollectionResponse response = client.describe(name);
    return new Collection(
        name,
        response.getCollectionID(),
        response.getSchema().getFieldsList(),
        response.getSchema().getEnableDynamicField(),
        client.metrics(name),
        response.getPropertiesList().stream()
            .collect(Collectors.toMap(KeyValuePair::getKey, KeyValuePair::getValue)));
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
