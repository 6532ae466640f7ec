package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.RecordField;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the table of a topic; creates it and lets it grow where the configuration allows it. */
final class Tables {
  private static final Logger log = LoggerFactory.getLogger(Tables.class);

  /** What a column's type may become so that it holds more, and all that it held. */
  private static final Map<String, List<String>> WIDER =
      Map.of(
          "int2", List.of("int4", "int8"),
          "int4", List.of("int8"),
          "float4", List.of("float8"));

  private final DataVecSinkConfig config;

  Tables(DataVecSinkConfig config) {
    this.config = config;
  }

  /**
   * The table as it is when these fields can be written to it.
   *
   * @throws DataException when it does not exist and must not be created
   */
  Catalog.Table forRows(
      Session session, TableId id, List<RecordField> fields, List<RecordField> keys)
      throws SQLException {
    Optional<Catalog.Table> existing = Catalog.table(session, id);
    if (existing.isPresent()) {
      return config.autoEvolve() ? evolve(session, existing.get(), fields) : existing.get();
    }
    if (!config.autoCreate()) {
      throw new DataException(
          "table %s does not exist; create it, or set auto.create=true".formatted(id));
    }
    session.execute(CreateTable.sql(session, id, fields, keys, config.columnTypes()));
    session.commit();
    log.info("Created table {}", id);
    return Catalog.table(session, id)
        .orElseThrow(
            () ->
                new DataException(
                    "table %s was created and is not to be seen; does the user own its schema?"
                        .formatted(id)));
  }

  private Catalog.Table evolve(Session session, Catalog.Table table, List<RecordField> fields)
      throws SQLException {
    List<String> changes = new ArrayList<>();
    Set<String> vectorTypes = Catalog.vectorTypes(session);
    for (RecordField field : fields) {
      Optional<Column> column = table.column(field.name());
      String name = Identifiers.quote(field.name());
      if (column.isEmpty()) {
        String type = CreateTable.type(table.id(), field, vectorTypes, config.columnTypes());
        changes.add("ADD COLUMN %s %s".formatted(name, type));
      } else {
        wider(column.get(), field.schema())
            .ifPresent(type -> changes.add("ALTER COLUMN %s TYPE %s".formatted(name, type)));
      }
    }
    if (changes.isEmpty()) {
      return table;
    }
    for (String change : changes) {
      session.execute("ALTER TABLE " + table.id().sql() + " " + change);
    }
    session.commit();
    log.info("Table {}: {}", table.id(), changes);
    return Catalog.table(session, table.id()).orElseThrow();
  }

  private static Optional<String> wider(Column column, Schema schema) {
    String wanted =
        schema == null || schema.name() != null
            ? ""
            : switch (schema.type()) {
              case INT32 -> "int4";
              case INT64 -> "int8";
              case FLOAT64 -> "float8";
              default -> "";
            };
    boolean widens = WIDER.getOrDefault(column.type(), List.of()).contains(wanted);
    return widens ? Optional.of(wanted) : Optional.empty();
  }
}
