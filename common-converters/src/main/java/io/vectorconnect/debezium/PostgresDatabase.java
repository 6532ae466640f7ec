package io.vectorconnect.debezium;

import io.debezium.bean.StandardBeanNames;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.config.Configuration;
import io.debezium.jdbc.JdbcConnection;
import io.debezium.pipeline.spi.Offsets;
import io.debezium.relational.Column;
import io.debezium.relational.RelationalDatabaseConnectorConfig;
import io.debezium.relational.ValueConverter;
import io.debezium.relational.ValueConverterProvider;
import io.debezium.spi.converter.RelationalColumn;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaBuilder;

/** PostgreSQL, through the connection and the objects of Debezium's running connector. */
final class PostgresDatabase implements SourceDatabase {
  /** Types with smaller OIDs are PostgreSQL's own (FirstNormalObjectId). */
  private static final int FIRST_OTHER_TYPE = 16_384;

  private static final Set<String> SERIALS = Set.of("serial", "smallserial", "bigserial");

  private final ConnectorKeys keys;
  private final PostgresCatalog catalog;
  private final CapturedTables captured;
  private final ValueConverterProvider own;

  /** Whether there are offsets: this is not the connector's first start. */
  private final boolean restarts;

  /** The columns that each table had when the connector first met it. */
  private final Map<String, Set<String>> firstColumns = new ConcurrentHashMap<>();

  private PostgresDatabase(
      ConnectorKeys keys,
      PostgresCatalog catalog,
      CapturedTables captured,
      ValueConverterProvider own,
      boolean restarts) {
    this.keys = keys;
    this.catalog = catalog;
    this.captured = captured;
    this.own = own;
    this.restarts = restarts;
  }

  static PostgresDatabase of(Configuration config, BeanRegistry beans) {
    Offsets<?, ?> offsets = beans.lookupByName(StandardBeanNames.OFFSETS, Offsets.class);
    return new PostgresDatabase(
        new ConnectorKeys(config),
        new PostgresCatalog(
            beans.lookupByName(StandardBeanNames.JDBC_CONNECTION, JdbcConnection.class)),
        new CapturedTables(
            beans.lookupByName(
                StandardBeanNames.CONNECTOR_CONFIG, RelationalDatabaseConnectorConfig.class)),
        beans.lookupByName(StandardBeanNames.VALUE_CONVERTER, ValueConverterProvider.class),
        offsets != null && offsets.getTheOnlyOffset() != null);
  }

  @Override
  public ColumnType type(RelationalColumn column) {
    String name = ConvertedColumn.plain(column.typeName());
    boolean builtIn =
        column.nativeType() < FIRST_OTHER_TYPE
            && column.jdbcType() != Types.ARRAY
            && (DebeziumTypes.SCALARS.contains(name) || SERIALS.contains(name));
    return builtIn
        ? ColumnType.of(SERIALS.contains(name) ? "int8" : name, column.length())
        : catalog
            .type(column)
            // The type may be gone when a change of its time is read.
            .orElseGet(() -> ColumnType.of(name, OptionalInt.empty()));
  }

  @Override
  public boolean sendsUnknownTypes() {
    return keys.sendsUnknownTypes();
  }

  @Override
  public Optional<Own> own(RelationalColumn column) {
    Column copy =
        Column.editor()
            .name(column.name())
            .jdbcType(column.jdbcType())
            .nativeType(column.nativeType())
            .type(column.typeName(), column.typeExpression())
            .length(column.length().orElse(Column.UNSET_INT_VALUE))
            .scale(column.scale().isPresent() ? column.scale().getAsInt() : null)
            .optional(column.isOptional())
            .create();
    SchemaBuilder schema = own.schemaBuilder(copy);
    if (schema == null) {
      return Optional.empty();
    }
    SchemaBuilder field = own.schemaBuilder(copy);
    if (column.isOptional()) {
      field.optional();
    }
    ValueConverter conversion = own.converter(copy, new Field(column.name(), 0, field.build()));
    return conversion == null
        ? Optional.empty()
        : Optional.of(new Own(schema, conversion::convert));
  }

  @Override
  public List<String> problems() {
    return new ConnectorProblems(keys, catalog, captured, restarts).find();
  }

  @Override
  public Optional<String> problemOfNewColumn(RelationalColumn column) {
    String table = column.dataCollection();
    Set<String> first = firstColumns.get(table);
    if (first == null) {
      firstColumns.put(table, catalog.columns(table));
      return Optional.empty();
    }
    return !first.contains(column.name()) && catalog.hasDefaultInOldRows(table, column.name())
        ? Optional.of(
            "column %s of table %s was added with a default: rows from before have the default in the database, and Debezium sends no change for them. Set it in the target, or send these rows again (by UPDATE, or by a signal execute-snapshot), and restart the connector, which then goes on"
                .formatted(column.name(), table))
        : Optional.empty();
  }
}
