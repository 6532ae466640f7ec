package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.TableId;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SQL in which the databases differ. What is not here is the same for both. */
enum Dialect {
  /** PostgreSQL with pgvector. */
  POSTGRESQL {
    @Override
    String upsert(String target, String stage, RowPlan<?> plan, String overriding) {
      List<String> columns = plan.columnNames();
      List<String> keys = plan.keyNames();
      String updates = updates(plan, "EXCLUDED.");
      return "INSERT INTO %s (%s)%s SELECT %s FROM %s ON CONFLICT (%s) DO %s"
          .formatted(
              target,
              DataVecDialect.NAMES.list(columns),
              overriding,
              DataVecDialect.NAMES.list(columns),
              stage,
              DataVecDialect.NAMES.list(keys),
              updates.isEmpty() ? "NOTHING" : "UPDATE SET " + updates);
    }

    @Override
    String stagingOptions(Session session, TableId target) {
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
    String upsert(String target, String stage, RowPlan<?> plan, String overriding) {
      List<String> columns = plan.columnNames();
      List<String> keys = plan.keyNames();
      String updates = updates(plan, "s.");
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
    String stagingOptions(Session session, TableId target) throws SQLException {
      // A statement that joins tables of two storage types is refused (0A000).
      Optional<String> storage = Catalog.storage(session, target);
      if (storage.isPresent()) {
        return " WITH (storage_type = " + storage.get() + ")";
      }
      return Catalog.defaultsToUstore(session) ? " WITH (storage_type = ASTORE)" : "";
    }
  };

  /** The dialect of a server, by what its version() answers. */
  static Dialect of(String version) {
    return version.contains("openGauss") ? OPENGAUSS : POSTGRESQL;
  }

  /**
   * One statement that brings every row of the staging table into the target.
   *
   * @param overriding what an INSERT says about identity columns, or nothing
   */
  abstract String upsert(String target, String stage, RowPlan<?> plan, String overriding);

  private static String updates(RowPlan<?> plan, String source) {
    Stream<String> told =
        plan.columnNames().stream()
            .skip(plan.keyCount())
            .map(DataVecDialect.NAMES::quote)
            .map(column -> column + " = " + source + column);
    return Stream.concat(told, resets(plan.resets())).collect(Collectors.joining(", "));
  }

  /** What sets columns to their defaults. */
  static Stream<String> resets(Collection<String> columns) {
    return columns.stream().map(DataVecDialect.NAMES::quote).map(column -> column + " = DEFAULT");
  }

  /** Storage options of a staging table for rows of this table. */
  abstract String stagingOptions(Session session, TableId target) throws SQLException;
}
