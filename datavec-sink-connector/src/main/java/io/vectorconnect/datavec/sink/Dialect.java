package io.vectorconnect.datavec.sink;

import java.util.List;
import java.util.stream.Collectors;

/** The SQL in which the databases differ. What is not here is the same for both. */
enum Dialect {
  /** PostgreSQL with pgvector. */
  POSTGRESQL {
    @Override
    String upsert(String target, String stage, List<String> columns, List<String> keys) {
      String updates =
          columns.stream()
              .filter(column -> !keys.contains(column))
              .map(DataVecDialect.NAMES::quote)
              .map(column -> column + " = EXCLUDED." + column)
              .collect(Collectors.joining(", "));
      return "INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT (%s) DO %s"
          .formatted(
              target,
              DataVecDialect.NAMES.list(columns),
              DataVecDialect.NAMES.list(columns),
              stage,
              DataVecDialect.NAMES.list(keys),
              updates.isEmpty() ? "NOTHING" : "UPDATE SET " + updates);
    }

    @Override
    String stagingOptions() {
      // Rows up to a page stay in line: a vector is not moved out to TOAST and back.
      return " WITH (toast_tuple_target = 8160)";
    }
  },

  /**
   * openGauss from 6.0.3. It has no ON CONFLICT before 7.0.0 LTS; its own ON DUPLICATE KEY cannot
   * name the key and cannot update the columns of other unique indexes, MERGE can.
   */
  OPENGAUSS {
    @Override
    String upsert(String target, String stage, List<String> columns, List<String> keys) {
      String updates =
          columns.stream()
              .filter(column -> !keys.contains(column))
              .map(DataVecDialect.NAMES::quote)
              .map(column -> column + " = s." + column)
              .collect(Collectors.joining(", "));
      String on =
          keys.stream()
              .map(DataVecDialect.NAMES::quote)
              .map(key -> "t." + key + " = s." + key)
              .collect(Collectors.joining(" AND "));
      String values =
          columns.stream()
              .map(DataVecDialect.NAMES::quote)
              .map(column -> "s." + column)
              .collect(Collectors.joining(", "));
      return "MERGE INTO %s AS t USING %s AS s ON (%s)%s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)"
          .formatted(
              target,
              stage,
              on,
              updates.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET " + updates,
              DataVecDialect.NAMES.list(columns),
              values);
    }

    @Override
    String stagingOptions() {
      return "";
    }
  };

  /** The dialect of a server, by what its version() answers. */
  static Dialect of(String version) {
    return version.contains("openGauss") ? OPENGAUSS : POSTGRESQL;
  }

  /** One statement that brings every row of the staging table into the target. */
  abstract String upsert(String target, String stage, List<String> columns, List<String> keys);

  /** Storage options of a staging table. */
  abstract String stagingOptions();
}
