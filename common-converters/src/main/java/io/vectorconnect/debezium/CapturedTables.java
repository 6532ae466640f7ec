package io.vectorconnect.debezium;

import io.debezium.relational.RelationalDatabaseConnectorConfig;
import io.debezium.relational.TableId;

/** The tables and columns that the connector's filters let through. */
final class CapturedTables {
  private final RelationalDatabaseConnectorConfig config;

  CapturedTables(RelationalDatabaseConnectorConfig config) {
    this.config = config;
  }

  boolean has(String schema, String table) {
    return config
        .getTableFilters()
        .dataCollectionFilter()
        .isIncluded(new TableId(null, schema, table));
  }

  boolean has(String schema, String table, String column) {
    return config.getColumnFilter() == null
        || config.getColumnFilter().matches(null, schema, table, column);
  }
}
