package io.vectorconnect.sql.sink.table;

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
  /**
   * Whether there is at most one row of each key of these columns. A unique index on a column that
   * may be NULL lets any number of rows have a NULL there.
   */
  public boolean hasKey(Set<String> names) {
    return uniqueKeys.contains(names)
        && columns.stream()
            .filter(column -> names.contains(column.name()))
            .allMatch(SqlColumn::notNull);
  }

  /** The column of this name, if there is one. */
  public Optional<C> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }
}
