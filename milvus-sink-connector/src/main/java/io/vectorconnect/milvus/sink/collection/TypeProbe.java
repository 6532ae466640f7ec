package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds out whether a server takes vectors of a type that not every Milvus has. Milvus 2.3 creates
 * collections with any type and refuses the index afterwards, so that a collection would stay that
 * can never be loaded. The question is asked with an empty collection of another name, once for
 * each type, and the server's answer decides.
 */
final class TypeProbe {
  private static final Set<DataType> EVERYWHERE =
      EnumSet.of(DataType.FloatVector, DataType.BinaryVector);

  private static final String FIELD = "v";

  private final Set<DataType> taken = EnumSet.noneOf(DataType.class);

  /**
   * Makes sure that the server takes the vectors of a collection.
   *
   * @param metrics by the name of a vector field, Milvus's metric type
   * @throws ConnectException when it does not: every record would be refused
   */
  void require(MilvusClient client, CollectionSchema schema, Map<String, String> metrics) {
    for (FieldSchema field : schema.getFieldsList()) {
      String metric = metrics.get(field.getName());
      if (metric != null && !EVERYWHERE.contains(field.getDataType())) {
        require(client, schema.getName(), field, metric);
      }
    }
  }

  private void require(MilvusClient client, String collection, FieldSchema field, String metric) {
    DataType type = field.getDataType();
    if (taken.contains(type)) {
      return;
    }
    try {
      ask(client, field, metric);
      taken.add(type);
    } catch (MilvusException e) {
      if (isRefusal(e)) {
        throw new ConnectException(
            "field %s of collection %s: this server does not take the type %s (%s); convert the vectors by a transform, or use a later version of Milvus"
                .formatted(field.getName(), collection, type, e.getMessage()),
            e);
      }
      throw e;
    }
  }

  private static void ask(MilvusClient client, FieldSchema field, String metric) {
    String name = Notes.PREFIX + "probe_" + UUID.randomUUID().toString().replace("-", "");
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(name)
            .setDescription("An empty collection of a moment, which asks for a type of vectors")
            .addFields(
                FieldSchema.newBuilder()
                    .setName("id")
                    .setDataType(DataType.Int64)
                    .setIsPrimaryKey(true))
            .addFields(field.toBuilder().setName(FIELD).setNullable(false))
            .build();
    CollectionRequests.create(client, schema, CreateOptions.MINIMAL, Map.of());
    try {
      index(client, name, indexes(field.getDataType(), metric));
    } finally {
      CollectionRequests.drop(client, name);
    }
  }

  /** One index that the server takes is enough: not every kind of index takes every type. */
  private static void index(MilvusClient client, String collection, List<VectorIndex> indexes) {
    MilvusException refusal = null;
    for (VectorIndex index : indexes) {
      try {
        CollectionRequests.createIndex(client, collection, FIELD, index);
        return;
      } catch (MilvusException e) {
        if (!isRefusal(e)) {
          throw e;
        }
        refusal = e;
      }
    }
    throw refusal;
  }

  private static List<VectorIndex> indexes(DataType type, String metric) {
    VectorIndex automatic = new VectorIndex("AUTOINDEX", metric, Map.of());
    return type == DataType.SparseFloatVector
        ? List.of(automatic, new VectorIndex("SPARSE_INVERTED_INDEX", metric, Map.of()))
        : List.of(
            automatic,
            new VectorIndex("FLAT", metric, Map.of()),
            new VectorIndex("HNSW", metric, Map.of("M", "8", "efConstruction", "16")));
  }

  private static boolean isRefusal(MilvusException e) {
    return e.kind() == MilvusException.Kind.INVALID || e.kind() == MilvusException.Kind.REFUSED;
  }
}
