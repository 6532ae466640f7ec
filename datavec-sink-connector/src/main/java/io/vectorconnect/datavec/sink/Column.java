package io.vectorconnect.datavec.sink;

import io.vectorconnect.sql.sink.SqlColumn;
import java.util.Optional;

/**
 * A column of an existing table, from the catalogue.
 *
 * @param name unquoted
 * @param type {@code pg_type.typname} of the type, or of its base type where it is a domain
 * @param modifier {@code atttypmod}: the dimension of a vector type, -1 where there is none
 * @param declaration as {@code format_type} prints it, such as {@code vector(384)}
 * @param notNull whether NULL is refused
 * @param element of an array type
 */
record Column(
    String name,
    String type,
    int modifier,
    String declaration,
    boolean notNull,
    Optional<Element> element)
    implements SqlColumn {

  /** The type of an array's elements, by {@code pg_type.oid} and {@code typname}. */
  record Element(int oid, String type) {}
}
