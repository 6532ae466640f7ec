package io.vectorconnect.datavec.sink;

/**
 * A table by schema and name; an empty schema means the connection's current schema.
 *
 * @param schema unquoted, or empty
 * @param name unquoted
 */
record TableId(String schema, String name) {
  private static final String TOPIC = "${topic}";

  /** Applies a table.name.format; only dots of the format itself separate a schema. */
  static TableId of(String format, String topic) {
    int placeholder = format.indexOf(TOPIC);
    int dot = (placeholder < 0 ? format : format.substring(0, placeholder)).indexOf('.');
    String schema = dot < 0 ? "" : format.substring(0, dot);
    return new TableId(schema, format.substring(dot + 1).replace(TOPIC, topic));
  }

  /** As it stands in SQL. */
  String sql() {
    return schema.isEmpty()
        ? Identifiers.quote(name)
        : Identifiers.quote(schema) + "." + Identifiers.quote(name);
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }
}
