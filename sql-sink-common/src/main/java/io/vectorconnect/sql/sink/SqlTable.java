package io.vectorconnect.sql.sink;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table as it is.
 *
 * @param id its name
 * @param columns its columns
 * @param uniqueKeys the column sets of its primary key and its other unique indexes
 * @param <C> the database's columns
 */
public record SqlTable<C extends SqlColumn>(
    TableId id, List<C> columns, List<Set<String>> uniqueKeys) {
  /** The column of this name, if there is one. */
  public Optional<C> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }
}
