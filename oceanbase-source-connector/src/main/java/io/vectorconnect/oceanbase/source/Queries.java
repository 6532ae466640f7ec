package io.vectorconnect.oceanbase.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The statements that read a table; the rows' alias is n. */
final class Queries {
  private final Table table;
  private final String order;

  Queries(Table table) {
    this.table = table;
    this.order = keys("n");
  }

  /**
   * A span of keys.
   *
   * @param above the key below the first one, or null
   * @param upTo the last key, or null
   */
  record Span(Key above, Key upTo) {}

  /** Rows of a span in order. */
  Sql page(List<String> expressions, long scn, Span span, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where = where(span, "n", parameters);
    return new Sql(
        "SELECT %s FROM %s n WHERE %s ORDER BY %s LIMIT %d"
            .formatted(String.join(", ", expressions), asOf(scn), where, order, limit),
        parameters);
  }

  /**
   * Keys of rows that changed after an SCN. The server has row SCNs for the present only; read
   * after {@code upper} was taken, it shows every row whose last change lies between the two.
   */
  Sql changed(List<String> expressions, long since, Span span, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where = where(span, "n", parameters);
    return new Sql(
        "SELECT %s FROM %s n WHERE n.ora_rowscn > %d AND %s ORDER BY %s LIMIT %d"
            .formatted(String.join(", ", expressions), table.sql(), since, where, order, limit),
        parameters);
  }

  /**
   * Stamps and keys of rows that changed after an SCN, in the order of the two.
   *
   * @param floor the least stamp, if there is one
   * @param last the stamp and key of the last row of the page before, or null
   */
  Sql stamped(
      List<String> expressions,
      String column,
      long since,
      Optional<String> floor,
      Key last,
      Span span,
      int limit) {
    String stamp = "n." + Sql.quote(column);
    List<String> conditions = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    if (last != null) {
      conditions.add("(%s, %s) > (?%s)".formatted(stamp, order, ", ?".repeat(table.key().size())));
      parameters.add(last.values().get(0));
      bind(last.rest(), parameters);
    } else if (floor.isPresent()) {
      conditions.add(stamp + " >= ?");
      parameters.add(floor.get());
    }
    conditions.add(where(span, "n", parameters));
    return new Sql(
        "SELECT %s, %s FROM %s n WHERE n.ora_rowscn > %d AND %s ORDER BY %s, %s LIMIT %d"
            .formatted(
                stamp,
                String.join(", ", expressions),
                table.sql(),
                since,
                String.join(" AND ", conditions),
                stamp,
                order,
                limit),
        parameters);
  }

  /** Rows by their keys. */
  Sql rows(List<String> expressions, long scn, List<Key> wanted) {
    List<Object> parameters = new ArrayList<>();
    wanted.forEach(key -> bind(key, parameters));
    String in = String.join(", ", Collections.nCopies(wanted.size(), placeholders()));
    return new Sql(
        "SELECT %s FROM %s n WHERE %s IN (%s) ORDER BY %s"
            .formatted(String.join(", ", expressions), asOf(scn), tuple("n"), in, order),
        parameters);
  }

  /**
   * Keys that were there at {@code since} and are not at {@code upper}. A text that is another one
   * of those which its collation takes for equal, as 'ABC' for 'abc', is another key.
   */
  Sql deleted(List<String> expressions, long since, long upper, Span span, int limit) {
    List<Object> parameters = new ArrayList<>();
    String where = where(span, "n", parameters);
    List<String> same = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    gone.add("m.%s IS NULL".formatted(Sql.quote(table.key().get(0).name())));
    for (KeyColumn column : table.key()) {
      String name = Sql.quote(column.name());
      same.add("m.%1$s = n.%1$s".formatted(name));
      if (column.form() == KeyColumn.Form.TEXT) {
        gone.add("BINARY m.%1$s <> BINARY n.%1$s".formatted(name));
      }
    }
    return new Sql(
        "SELECT %s FROM %s n LEFT JOIN %s m ON %s WHERE (%s) AND %s ORDER BY %s LIMIT %d"
            .formatted(
                String.join(", ", expressions),
                asOf(since),
                asOf(upper),
                String.join(" AND ", same),
                String.join(" OR ", gone),
                where,
                order,
                limit),
        parameters);
  }

  /** The key that so many rows lie below, from a key on. */
  Sql hop(List<String> expressions, long scn, Key above, long rows) {
    Sql page = page(expressions, scn, new Span(above, null), 1);
    return new Sql(page.text() + " OFFSET " + (rows - 1), page.parameters());
  }

  /** The number of rows. */
  Sql count(long scn) {
    return new Sql("SELECT COUNT(*) FROM " + asOf(scn), List.of());
  }

  private String asOf(long scn) {
    return table.sql() + " AS OF SNAPSHOT " + scn;
  }

  private String where(Span span, String alias, List<Object> parameters) {
    List<String> conditions = new ArrayList<>();
    if (span.above() != null) {
      conditions.add(tuple(alias) + " > " + placeholders());
      bind(span.above(), parameters);
    }
    if (span.upTo() != null) {
      conditions.add(tuple(alias) + " <= " + placeholders());
      bind(span.upTo(), parameters);
    }
    return conditions.isEmpty() ? "1 = 1" : String.join(" AND ", conditions);
  }

  private void bind(Key key, List<Object> parameters) {
    for (int i = 0; i < table.key().size(); i++) {
      parameters.add(table.key().get(i).toParameter(key.values().get(i)));
    }
  }

  private String tuple(String alias) {
    return table.key().size() == 1 ? keys(alias) : "(" + keys(alias) + ")";
  }

  private String placeholders() {
    return table.key().size() == 1
        ? "?"
        : "(" + String.join(", ", Collections.nCopies(table.key().size(), "?")) + ")";
  }

  private String keys(String alias) {
    return String.join(
        ", ", table.key().stream().map(column -> alias + "." + Sql.quote(column.name())).toList());
  }
}
