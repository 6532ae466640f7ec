package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.table.SqlColumn;

/**
 * A column of an existing table, from the information schema.
 *
 * @param name unquoted
 * @param type its type without length, in lower case, such as {@code vector}
 * @param declaration its type as the database prints it, such as {@code VECTOR(384)}
 * @param notNull whether NULL is refused
 * @param length characters of a text, bytes of a binary, elements of a vector, bits; 0 where there
 *     is none
 * @param scale decimals of a decimal, digits of a second's fraction of a time; -1 where there is
 *     none
 * @param collation of a text, else empty
 * @param attributes what comes behind the type in its definition, such as {@code NOT NULL
 *     AUTO_INCREMENT}
 */
public record Column(
    String name,
    String type,
    String declaration,
    boolean notNull,
    long length,
    int scale,
    String collation,
    String attributes)
    implements SqlColumn {
  /** Stands in the attributes of a column that the database computes. */
  static final String GENERATED = " GENERATED";

  /** Stands in the attributes of a column that the database numbers. */
  static final String NUMBERED = " AUTO_INCREMENT";

  /** Stands in the attributes before a default. */
  static final String DEFAULT = " DEFAULT ";

  @Override
  public boolean isGenerated() {
    return attributes.contains(GENERATED);
  }

  @Override
  public Missing missing() {
    if (isGenerated() || attributes.contains(NUMBERED)) {
      return Missing.KEPT;
    }
    return attributes.contains(DEFAULT) ? Missing.DEFAULT : Missing.NULL;
  }

  boolean isUnsigned() {
    return declaration.contains("unsigned");
  }
}
