package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.datavec.sink.DataVecIndexKeys.Metric;
import io.vectorconnect.sql.sink.index.VectorIndex;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** The indexes of vector columns. */
final class VectorIndexes {
  /** The largest dimension that can be indexed, by column type: pgvector's and openGauss's. */
  private static final Map<String, Integer> MAX_DIMENSION =
      Map.of("vector", 2_000, "halfvec", 4_000, "bit", 64_000, "sparsevec", 1_000_000_000);

  private VectorIndexes() {}

  /**
   * The index of a column, or empty when it holds no vectors.
   *
   * @param schema the record's schema of the column's values, or null
   * @throws ConnectException when the database cannot index such a column
   */
  static Optional<VectorIndex> of(
      TableId table, Column column, Schema schema, DataVecSinkConfig config) {
    if (!MAX_DIMENSION.containsKey(column.typeName())) {
      return Optional.empty();
    }
    int dimension = column.modifier();
    int max = MAX_DIMENSION.get(column.typeName());
    if (dimension <= 0 || dimension > max) {
      throw new ConnectException(
          "column %s (%s) of table %s cannot be indexed, for that takes 1 to %,d dimensions; set index.build=none, or use a halfvec column"
              .formatted(column.name(), column.declaration(), table, max));
    }
    Metric metric = metric(column, schema, config.indexKinds());
    String type = config.indexKinds().type().name().toLowerCase(Locale.ROOT);
    String parameters =
        config.index().parameters().entrySet().stream()
            .map(parameter -> parameter.getKey() + " = " + parameter.getValue())
            .collect(Collectors.joining(", "));
    String name = DataVecDialect.NAMES.index(table, column.name(), type);
    String operators = column.typeName() + "_" + metric.name().toLowerCase(Locale.ROOT) + "_ops";
    String definition =
        "CREATE INDEX %s ON %s USING %s (%s %s)%s"
            .formatted(
                DataVecDialect.NAMES.quote(name),
                DataVecDialect.NAMES.quote(table),
                type,
                DataVecDialect.NAMES.quote(column.name()),
                operators,
                parameters.isEmpty() ? "" : " WITH (" + parameters + ")");
    return Optional.of(new VectorIndex(table, name, definition));
  }

  private static Metric metric(Column column, Schema schema, DataVecIndexKeys config) {
    if (config.metric() != Metric.AUTO) {
      return config.metric();
    }
    Optional<String> told = schema == null ? Optional.empty() : VectorSchema.metric(schema);
    for (Metric metric : Metric.values()) {
      if (told.isPresent() && metric.name().equalsIgnoreCase(told.get())) {
        return metric;
      }
    }
    return column.typeName().equals("bit") ? Metric.HAMMING : Metric.COSINE;
  }
}
