package io.vectorconnect.milvus.sink.collection;

import io.milvus.grpc.DataType;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * The index of a created vector field.
 *
 * @param type Milvus's index type
 * @param metric Milvus's metric type
 * @param parameters build parameters
 */
public record VectorIndex(String type, String metric, Map<String, String> parameters) {
  private static final List<String> DENSE_METRICS = List.of("COSINE", "L2", "IP");
  private static final List<String> BINARY_METRICS = List.of("HAMMING", "JACCARD");
  private static final List<String> SPARSE_METRICS = List.of("IP");

  /**
   * The index for vectors of a field whose metric is known.
   *
   * @param metric Milvus's metric type
   */
  public static VectorIndex of(DataType type, String metric, MilvusSinkConfig config) {
    if (config.autoIndex()) {
      return new VectorIndex("AUTOINDEX", metric, Map.of());
    }
    return switch (type) {
      case BinaryVector -> new VectorIndex("BIN_FLAT", metric, Map.of());
      case SparseFloatVector -> new VectorIndex("SPARSE_INVERTED_INDEX", metric, Map.of());
      default -> new VectorIndex(config.indexType(), metric, config.indexParameters());
    };
  }

  /**
   * The metric for vectors of a field.
   *
   * @param wanted what is configured for dense vectors
   * @throws DataException when the schema names a metric that Milvus does not have for such vectors
   */
  static String metric(VectorType type, Schema schema, Metric wanted) {
    return switch (type) {
      case BINARY -> metric(schema, BINARY_METRICS);
      case SPARSE -> metric(schema, SPARSE_METRICS);
      case FLOAT, FLOAT16, BFLOAT16, INT8 ->
          wanted == Metric.AUTO ? metric(schema, DENSE_METRICS) : wanted.name();
    };
  }

  private static String metric(Schema schema, List<String> known) {
    String wanted = VectorSchema.metric(schema).orElse(known.get(0));
    String name =
        switch (wanted.toUpperCase(Locale.ROOT)) {
          case "DOT", "INNER_PRODUCT" -> "IP";
          case "EUCLIDEAN", "L2-SQUARED" -> "L2";
          default -> wanted.toUpperCase(Locale.ROOT);
        };
    if (!known.contains(name)) {
      throw new DataException(
          "the schema names metric %s, expected one of %s; create the collection yourself"
              .formatted(wanted, String.join(", ", known)));
    }
    return name;
  }

  /** As in a CreateIndexRequest. */
  List<KeyValuePair> extraParameters() {
    String json =
        parameters.entrySet().stream()
            .map(entry -> "\"%s\":\"%s\"".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    return List.of(
        FieldTypes.parameter("index_type", type),
        FieldTypes.parameter("metric_type", metric),
        FieldTypes.parameter("params", json));
  }
}
