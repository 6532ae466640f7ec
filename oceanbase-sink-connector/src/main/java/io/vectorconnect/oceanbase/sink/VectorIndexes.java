package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkConfig.Metric;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** The indexes of vector columns. */
final class VectorIndexes {
  static final int MAX_DIMENSION = 4_096;

  private VectorIndexes() {}

  /**
   * The index of a column, or empty when it holds no vectors.
   *
   * @throws ConnectException when the database cannot index such a column
   */
  static Optional<VectorIndex> of(
      TableId table, Column column, Schema schema, OceanBaseSinkConfig config) {
    return switch (column.type()) {
      case "vector" -> {
        if (column.length() > MAX_DIMENSION) {
          throw new ConnectException(
              "column %s (%s) of table %s cannot be indexed, for that takes 1 to %,d dimensions; set index.build=none"
                  .formatted(column.name(), column.declaration(), table, MAX_DIMENSION));
        }
        String type = config.indexType().name().toLowerCase(Locale.ROOT);
        Metric metric = metric(schema, config.metric());
        yield Optional.of(index(table, column, type, metric, config.index().parameters()));
      }
      case "sparsevector" ->
          Optional.of(index(table, column, "sindi", Metric.INNER_PRODUCT, Map.of()));
      default -> Optional.empty();
    };
  }

  private static VectorIndex index(
      TableId table, Column column, String type, Metric metric, Map<String, String> parameters) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("distance", metric.name().toLowerCase(Locale.ROOT));
    options.put("type", type);
    options.put("lib", type.startsWith("ivf") ? "ob" : "vsag");
    options.putAll(parameters);
    String name = OceanBaseDialect.NAMES.index(table, column.name(), type);
    String definition =
        "CREATE VECTOR INDEX %s ON %s (%s) WITH (%s)"
            .formatted(
                OceanBaseDialect.NAMES.quote(name),
                OceanBaseDialect.NAMES.quote(table),
                OceanBaseDialect.NAMES.quote(column.name()),
                options.entrySet().stream()
                    .map(option -> option.getKey() + "=" + option.getValue())
                    .collect(Collectors.joining(", ")));
    return new VectorIndex(table, name, definition);
  }

  private static Metric metric(Schema schema, Metric wanted) {
    if (wanted != Metric.AUTO) {
      return wanted;
    }
    String told = schema == null ? "" : VectorSchema.metric(schema).orElse("");
    return switch (told.toUpperCase(Locale.ROOT)) {
      case "L2" -> Metric.L2;
      case "IP", "INNER_PRODUCT" -> Metric.INNER_PRODUCT;
      default -> Metric.COSINE;
    };
  }
}
