package io.vectorconnect.datavec.sink;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.datavec.sink.IndexConfig.Metric;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * An index that is wanted.
 *
 * @param table its table
 * @param name its name, in the table's schema
 * @param definition the CREATE INDEX statement
 */
record VectorIndex(TableId table, String name, String definition) {
  /** The largest dimension that can be indexed, by column type: pgvector's and openGauss's. */
  private static final Map<String, Integer> MAX_DIMENSION =
      Map.of("vector", 2_000, "halfvec", 4_000, "bit", 64_000, "sparsevec", 1_000_000_000);

  private static final int MAX_NAME = 63;
  private static final int HASH_LENGTH = 9;

  /** Whether a column's type is one of vectors that can be indexed. */
  static boolean isPossible(Column column) {
    return MAX_DIMENSION.containsKey(column.type());
  }

  /**
   * The index of a column.
   *
   * @param schema the record's schema of the column's values, or null
   * @throws ConnectException when the database cannot index such a column
   */
  static VectorIndex of(TableId table, Column column, Schema schema, IndexConfig config) {
    int dimension = column.modifier();
    int max = MAX_DIMENSION.get(column.type());
    if (dimension <= 0 || dimension > max) {
      throw new ConnectException(
          "column %s (%s) of table %s cannot be indexed, for that takes 1 to %,d dimensions; set index.build=none, or use a halfvec column"
              .formatted(column.name(), column.declaration(), table, max));
    }
    Metric metric = metric(column, schema, config);
    String type = config.type().name().toLowerCase(Locale.ROOT);
    String parameters =
        config.parameters().entrySet().stream()
            .map(parameter -> parameter.getKey() + " = " + parameter.getValue())
            .collect(Collectors.joining(", "));
    String name = name(table.name() + "_" + column.name() + "_" + type);
    String operators = column.type() + "_" + metric.name().toLowerCase(Locale.ROOT) + "_ops";
    String definition =
        "CREATE INDEX %s ON %s USING %s (%s %s)%s"
            .formatted(
                Identifiers.quote(name),
                table.sql(),
                type,
                Identifiers.quote(column.name()),
                operators,
                parameters.isEmpty() ? "" : " WITH (" + parameters + ")");
    return new VectorIndex(table, name, definition);
  }

  private static Metric metric(Column column, Schema schema, IndexConfig config) {
    if (config.metric() != Metric.AUTO) {
      return config.metric();
    }
    Optional<String> told = schema == null ? Optional.empty() : VectorSchema.metric(schema);
    for (Metric metric : Metric.values()) {
      if (told.isPresent() && metric.name().equalsIgnoreCase(told.get())) {
        return metric;
      }
    }
    return column.type().equals("bit") ? Metric.HAMMING : Metric.COSINE;
  }

  /** A name that the database keeps whole. */
  private static String name(String wanted) {
    byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_NAME) {
      return wanted;
    }
    int end = wanted.length();
    while (wanted.substring(0, end).getBytes(StandardCharsets.UTF_8).length
        > MAX_NAME - HASH_LENGTH) {
      end = wanted.offsetByCodePoints(end, -1);
    }
    return "%s_%08x".formatted(wanted.substring(0, end), wanted.hashCode());
  }
}
