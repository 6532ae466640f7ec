package io.vectorconnect.oceanbase.source;

import io.vectorconnect.source.range.RangePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a table into ranges of as many rows each, by walking along its primary key: each bound
 * lies a fixed number of rows behind the one before.
 */
public final class RangePlanner {
  private final Session session;
  private final Table table;
  private final Queries queries;
  private final long scn;

  RangePlanner(Session session, Table table, long scn) {
    this.session = session;
    this.table = table;
    this.queries = new Queries(table);
    this.scn = scn;
  }

  /** The number of rows. */
  long rows() {
    return Long.parseLong(
        new String(
            session.query(queries.count(scn)).get(0)[0],
            java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  /** A plan of at most {@code ranges} ranges. */
  public RangePlan plan(long rows, int ranges) {
    List<String> expressions =
        table.key().stream().map(column -> "n." + Sql.quote(column.name())).toList();
    List<String> bounds = new ArrayList<>();
    long step = Math.max(1, rows / ranges);
    Key bound = null;
    for (int i = 1; i < ranges; i++) {
      List<byte[][]> found = session.query(queries.hop(expressions, scn, bound, step));
      if (found.isEmpty()) {
        break;
      }
      List<String> values = new ArrayList<>();
      for (int k = 0; k < table.key().size(); k++) {
        values.add(table.key().get(k).toOffset(found.get(0)[k]));
      }
      bound = new Key(values);
      bounds.add(bound.toJson());
    }
    return new RangePlan(bounds);
  }
}
