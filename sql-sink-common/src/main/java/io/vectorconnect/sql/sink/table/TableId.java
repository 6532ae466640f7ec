package io.vectorconnect.sql.sink.table;

/**
 * A table by schema (where databases have none: by database) and name; an empty schema means the
 * connection's current one.
 *
 * @param schema unquoted, or empty
 * @param name unquoted
 */
public record TableId(String schema, String name) {
  private static final String TOPIC = "${topic}";

  /** The last part of the topic's name, which in Debezium's topics is the table's. */
  private static final String TABLE = "${table}";

  /** Applies a table.name.format; only dots of the format itself separate a schema. */
  public static TableId of(String format, String topic) {
    int placeholder = placeholder(format);
    int dot = (placeholder < 0 ? format : format.substring(0, placeholder)).indexOf('.');
    String schema = dot < 0 ? "" : format.substring(0, dot);
    String table = topic.substring(topic.lastIndexOf('.') + 1);
    return new TableId(
        schema, format.substring(dot + 1).replace(TABLE, table).replace(TOPIC, topic));
  }

  /** Whether a table.name.format gives different topics different tables. */
  public static boolean hasPlaceholder(String format) {
    return placeholder(format) >= 0;
  }

  private static int placeholder(String format) {
    int topic = format.indexOf(TOPIC);
    int table = format.indexOf(TABLE);
    return topic < 0 || table < 0 ? Math.max(topic, table) : Math.min(topic, table);
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
