package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.table.SqlColumn;
import java.util.Optional;

/**
 * A column of an existing table, from the catalogue.
 *
 * @param name unquoted
 * @param type of its values
 * @param declaration as {@code format_type} prints it, such as {@code vector(384)}
 * @param notNull whether NULL is refused
 * @param filledBy where its values come from
 * @param defaultValue the expression of its default, as SQL
 */
public record Column(
    String name,
    Type type,
    String declaration,
    boolean notNull,
    FilledBy filledBy,
    Optional<String> defaultValue)
    implements SqlColumn {

  /** Where values come from. */
  enum FilledBy {
    /** From the statement, or from the default. */
    STATEMENT,
    /** From the statement, or else from a sequence. */
    SEQUENCE,
    /** From a sequence, unless the statement overrides that. */
    SEQUENCE_ALWAYS,
    /** From the row's other columns. */
    EXPRESSION
  }

  /**
   * What a column's values are; of a domain, its base type.
   *
   * @param name {@code pg_type.typname}, or {@code enum}
   * @param modifier {@code atttypmod}: the dimension of a vector type, -1 where there is none
   * @param declaration as {@code format_type} prints it
   * @param countsBytes whether the length of a text counts bytes, as in openGauss's mode A
   * @param element of an array type
   */
  record Type(
      String name,
      int modifier,
      String declaration,
      boolean countsBytes,
      Optional<Element> element) {}

  /** The type of an array's elements, by {@code pg_type.oid} and {@code typname}. */
  record Element(int oid, String type) {}

  String typeName() {
    return type.name();
  }

  int modifier() {
    return type.modifier();
  }

  boolean countsBytes() {
    return type.countsBytes();
  }

  Optional<Element> element() {
    return type.element();
  }

  @Override
  public boolean isGenerated() {
    return filledBy == FilledBy.EXPRESSION;
  }

  /** A serial column's default takes the next number of a sequence. */
  @Override
  public Missing missing() {
    if (filledBy != FilledBy.STATEMENT || defaultValue.filter(Column::isNumbering).isPresent()) {
      return Missing.KEPT;
    }
    return defaultValue.isPresent() ? Missing.DEFAULT : Missing.NULL;
  }

  private static boolean isNumbering(String expression) {
    return expression.startsWith("nextval(");
  }

  /** A column of an array's elements, for what encodes them. */
  public Column of(Element element) {
    return new Column(
        name,
        new Type(element.type(), modifier(), element.type(), false, Optional.empty()),
        declaration,
        false,
        FilledBy.STATEMENT,
        Optional.empty());
  }
}
