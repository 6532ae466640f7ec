package io.vectorconnect.debezium;

import io.vectorconnect.debezium.PostgresCatalog.Publication;
import io.vectorconnect.debezium.PostgresCatalog.Table;
import io.vectorconnect.debezium.PostgresCatalog.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds what the connector would lose or change without an error, from settings and catalog. */
final class ConnectorProblems {
  private final ConnectorKeys keys;
  private final PostgresCatalog catalog;
  private final CapturedTables captured;
  private final boolean restarts;
  private final Optional<Publication> publication;
  private final List<String> problems = new ArrayList<>();

  ConnectorProblems(
      ConnectorKeys keys, PostgresCatalog catalog, CapturedTables captured, boolean restarts) {
    this.keys = keys;
    this.catalog = catalog;
    this.captured = captured;
    this.restarts = restarts;
    this.publication =
        keys.hasPublication() ? catalog.publication(keys.publication()) : Optional.empty();
  }

  List<String> find() {
    problems.addAll(keys.problems());
    for (TableColumn column : catalog.columns()) {
      if (captured.has(column.schema(), column.table())
          && captured.has(column.schema(), column.table(), column.name())) {
        check(column);
      }
    }
    if (keys.streams()) {
      publication.ifPresent(this::checkPublication);
    }
    return problems;
  }

  private void check(TableColumn column) {
    String table = column.schema() + "." + column.table();
    ColumnType type = column.type();
    if (keys.streams() && column.isGenerated() && !(column.isStored() && publishesGenerated())) {
      problems.add(
          "column %s of table %s is generated: the first scan has its value, and changes do not, so the target keeps old values; add %s to column.exclude.list%s"
              .formatted(
                  column.name(),
                  table,
                  (table + "." + column.name()).replace(".", "\\."),
                  column.isStored()
                      ? ", or (PostgreSQL 18) ALTER PUBLICATION %s SET (publish_generated_columns = stored)"
                          .formatted(keys.publication())
                      : ""));
    }
    if (type.needsUnknownDatatypes() && !keys.sendsUnknownTypes()) {
      problems.add(ConnectorKeys.problemOfUnknownType(table, column.name(), type.name()));
    }
    if (type.name().equals("interval") && !type.isArray() && !keys.sendsIntervalsExactly()) {
      problems.add(
          "column %s of table %s: a month would be sent as 30.4 days; set interval.handling.mode=string"
              .formatted(column.name(), table));
    }
  }

  private boolean publishesGenerated() {
    return publication.map(Publication::generated).orElse(false);
  }

  private void checkPublication(Publication found) {
    Set<String> missing = new TreeSet<>(found.missing());
    missing.removeAll(keys.skippedOperations());
    // In this mode, Debezium changes the publication before it reads from it.
    if (!missing.isEmpty() && !keys.publicationMode().equals("filtered")) {
      problems.add(
          "publication %s does not publish all operations (missing: %s of c insert, u update, d delete, t truncate); ALTER PUBLICATION %s SET (publish = 'insert, update, delete, truncate'), or name them in skipped.operations"
              .formatted(keys.publication(), String.join(", ", missing), keys.publication()));
    }
    for (Table table : catalog.tables(keys.publication())) {
      if (captured.has(table.schema(), table.name())) {
        checkPartitions(table, found.viaRoot());
        checkPublished(table);
      }
    }
  }

  private void checkPartitions(Table table, boolean viaRoot) {
    String alter =
        "ALTER PUBLICATION %s SET (publish_via_partition_root = %s)"
            .formatted(keys.publication(), !viaRoot);
    if (table.isPartitioned() && !viaRoot) {
      problems.add(
          "table %s.%s is partitioned: changes are sent under the names of its partitions, and the connector drops them; set publish.via.partition.root=true and run %s"
              .formatted(table.schema(), table.name(), alter));
    }
    if (table.isPartition() && viaRoot && !captured.has(table.rootSchema(), table.rootTable())) {
      problems.add(
          "table %s.%s is a partition: its changes are sent under the name of %s.%s, and the connector drops them; capture that table instead, or run %s"
              .formatted(
                  table.schema(), table.name(), table.rootSchema(), table.rootTable(), alter));
    }
  }

  private void checkPublished(Table table) {
    if (table.isPublished()) {
      return;
    }
    String mode = keys.publicationMode();
    if (mode.equals("filtered")) {
      if (restarts && keys.losesRowsOfNewTables() && catalog.hasRows(table)) {
        problems.add(
            "table %s.%s is new to this connector: it would send the table's changes from now on, and not the rows that it has. Set check=warn, start the connector, send it a signal execute-snapshot for this table, and set check=fail again"
                .formatted(table.schema(), table.name()));
      }
      return;
    }
    problems.add(
        "publication %s does not contain table %s.%s, so its changes are not sent; ALTER PUBLICATION %s ADD TABLE it, and send a signal execute-snapshot for the rows that it has"
            .formatted(keys.publication(), table.schema(), table.name(), keys.publication()));
  }
}
