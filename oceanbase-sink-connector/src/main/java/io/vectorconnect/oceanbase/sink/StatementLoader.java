package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sql.sink.row.RowLoader;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.SqlColumn;
import io.vectorconnect.sql.sink.table.SqlTable;
import io.vectorconnect.sql.sink.table.TableId;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads rows by multi-row statements, each below what the server takes at once. Measured, 768
 * dimensions: a quarter quicker than the driver's own rewriting of batches.
 *
 * <p>The server keeps a plan for each number of rows that it has met, and making one costs it as
 * much as writing the rows: statements have powers of two of rows, so that it soon knows them all.
 */
final class StatementLoader implements RowLoader<ValueRow> {
  private static final int MAX_ROWS = 128;
  private static final long MAX_BYTES = 4 << 20;

  /** Names and keywords around the values. */
  private static final int STATEMENT_BYTES = 64 << 10;

  /** How often the catalogue is asked: it takes some ten milliseconds. */
  private static final long LOOK_NANOS = 5_000_000_000L;

  private final OceanBaseSession session;
  private final InsertMode mode;
  private final Map<RowPlan<?>, Boolean> oneByOne = new HashMap<>();
  private final StatementText text = new StatementText();
  private long looked;

  StatementLoader(OceanBaseSession session, InsertMode mode) {
    this.session = session;
    this.mode = mode;
  }

  /**
   * ON DUPLICATE KEY UPDATE goes by every unique key: where a table has others beside the row's
   * key, it could change a row of another key. There, rows are updated or inserted one by one.
   */
  @Override
  public Set<TableId> prepare(List<RowPlan<?>> plans) throws SQLException {
    if (looked == 0 || System.nanoTime() - looked > LOOK_NANOS) {
      oneByOne.clear(); // an index may have been added
      looked = System.nanoTime();
    }
    Map<TableId, Optional<SqlTable<Column>>> tables = new HashMap<>();
    Set<TableId> outdated = new HashSet<>();
    for (RowPlan<?> plan : plans) {
      if (oneByOne.containsKey(plan)) {
        continue;
      }
      TableId id = plan.table();
      if (!tables.containsKey(id)) {
        tables.put(id, Catalog.table(session, id));
      }
      Optional<SqlTable<Column>> table = tables.get(id);
      if (table.isPresent() && !plan.fits(table.get())) {
        OceanBaseDialect.requireWider(plan, table.get());
        outdated.add(id);
      }
      oneByOne.put(plan, table.isPresent() && hasOtherKey(plan, table.get()));
    }
    return outdated;
  }

  private static boolean hasOtherKey(RowPlan<?> plan, SqlTable<Column> table) {
    Set<String> key = Set.copyOf(plan.keyNames());
    return table.uniqueKeys().stream()
        .anyMatch(other -> !other.equals(key) && !Collections.disjoint(other, plan.columnNames()));
  }

  /** Not by TRUNCATE, which would end the transaction. */
  @Override
  public void truncate(TableId table) throws SQLException {
    session.execute("DELETE FROM " + OceanBaseDialect.NAMES.quote(table));
  }

  @Override
  public void load(List<ValueRow> rows) throws SQLException {
    Map<Shape, List<ValueRow>> byShape =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> Shape.of(row.plan()), LinkedHashMap::new, Collectors.toList()));
    for (List<ValueRow> alike : byShape.values()) {
      RowPlan<?> plan = alike.get(0).plan();
      boolean alone = plan.kind() == RowPlan.Kind.UPDATE || oneByOne.getOrDefault(plan, false);
      if (alone && plan.kind() != RowPlan.Kind.DELETE) {
        update(plan, alike);
      } else {
        inParts(plan, alike);
      }
    }
  }

  /** What rows of one statement have in common; records of many shapes may have the same. */
  private record Shape(RowPlan.Kind kind, int keyCount, List<String> columns, List<String> resets) {
    static Shape of(RowPlan<?> plan) {
      return new Shape(plan.kind(), plan.keyCount(), plan.columnNames(), plan.resets());
    }
  }

  private void inParts(RowPlan<?> plan, List<ValueRow> rows) throws SQLException {
    // Twice its bytes, and what is around them, is what a row takes at the most.
    long limit = Math.min(MAX_BYTES, (session.maxPacket() - STATEMENT_BYTES) / 2);
    long around = StatementText.around(plan.cells().size()) / 2;
    int from = 0;
    while (from < rows.size()) {
      int to = from;
      long bytes = 0;
      do {
        bytes += weight(rows.get(to)) + around;
        to++;
      } while (to < rows.size()
          && to - from < MAX_ROWS
          && bytes + weight(rows.get(to)) + around <= limit);
      to = from + Integer.highestOneBit(to - from);
      List<ValueRow> part = rows.subList(from, to);
      boolean inHex = plan.kind() != RowPlan.Kind.DELETE && session.takesVectorBytes();
      if (!inHex || (part.size() == 1 && 2 * bytes > session.maxPacket() - STATEMENT_BYTES)) {
        prepared(plan, part); // of a huge row, its bytes take less room escaped, and it may fit
      } else {
        literal(plan, part);
      }
      from = to;
    }
  }

  /** Half of what a row's values take in a statement, at the most. */
  private long weight(ValueRow row) {
    long more = 0;
    if (!session.takesVectorBytes()) {
      for (byte[] vector : row.vectors()) {
        more += VectorValues.textLength(vector.length) / 2 - vector.length + 1;
      }
    }
    return row.bytes() + more;
  }

  /** How long a row's values are in a statement, counted. */
  private long counted(ValueRow row) {
    long more = 0;
    if (!session.takesVectorBytes()) {
      for (byte[] vector : row.vectors()) {
        more += Math.max(0, VectorValues.text(vector).length() - vector.length);
      }
    }
    return row.literalBytes() + more;
  }

  private void literal(RowPlan<?> plan, List<ValueRow> rows) throws SQLException {
    Statements statements = new Statements(plan);
    text.begin(statements.beforeRows());
    String before = "(";
    for (ValueRow row : rows) {
      for (Object value : row.values()) {
        text.sql(before).value(value);
        before = ",";
      }
      before = "),(";
    }
    text.sql(")").sql(statements.afterRows(mode));
    session.executeUntraced(text.toString(), statements.insert(1, mode));
  }

  private void prepared(RowPlan<?> plan, List<ValueRow> rows) throws SQLException {
    if (rows.size() == 1) {
      checkSize(rows.get(0));
    }
    boolean delete = plan.kind() == RowPlan.Kind.DELETE;
    Statements statements = new Statements(plan);
    String sql = delete ? statements.delete(rows.size()) : statements.insert(rows.size(), mode);
    String traced = delete ? statements.delete(1) : statements.insert(1, mode);
    try (PreparedStatement statement = session.prepare(sql, traced)) {
      int parameter = 0;
      for (ValueRow row : rows) {
        for (int i = 0; i < row.values().length; i++) {
          set(statement, ++parameter, row.values()[i], plan.cells().get(i).column());
        }
      }
      statement.executeUpdate();
    }
  }

  private void update(RowPlan<?> plan, List<ValueRow> rows) throws SQLException {
    Statements statements = new Statements(plan);
    String sql = statements.update();
    String insert = statements.insert(1, InsertMode.INSERT);
    try (PreparedStatement update = session.prepare(sql, sql);
        PreparedStatement add = session.prepare(insert, insert)) {
      for (ValueRow row : rows) {
        checkSize(row);
        int parameter = 0;
        for (int i = plan.keyCount(); i < row.values().length; i++) {
          set(update, ++parameter, row.values()[i], plan.cells().get(i).column());
        }
        for (int i = 0; i < plan.keyCount(); i++) {
          set(update, ++parameter, row.values()[i], plan.cells().get(i).column());
        }
        if (update.executeUpdate() > 0) {
          continue;
        }
        if (plan.kind() == RowPlan.Kind.UPDATE) {
          throw new SQLException(PartialUpdate.NO_SUCH_ROW, NO_DATA);
        }
        for (int i = 0; i < row.values().length; i++) {
          set(add, i + 1, row.values()[i], plan.cells().get(i).column());
        }
        add.executeUpdate();
      }
    }
  }

  /** A row that is too long for any statement; the driver would break the connection. */
  private void checkSize(ValueRow row) throws SQLException {
    long limit = session.maxPacket() - STATEMENT_BYTES;
    if (2 * weight(row) > limit && counted(row) > limit) {
      throw new SQLException(
          "the row takes %,d bytes in a statement, more than the server's max_allowed_packet of %,d; raise it there"
              .formatted(counted(row), session.maxPacket()),
          "22001");
    }
  }

  private void set(PreparedStatement statement, int parameter, Object value, SqlColumn column)
      throws SQLException {
    if (value instanceof byte[] bytes) {
      boolean vector = ((Column) column).type().equals("vector");
      if (vector && !session.takesVectorBytes()) {
        statement.setString(parameter, VectorValues.text(bytes));
      } else {
        statement.setBytes(parameter, bytes);
      }
    } else if (value instanceof String text) {
      statement.setString(parameter, text);
    } else if (value instanceof Long number) {
      statement.setLong(parameter, number);
    } else if (value instanceof BigDecimal number) {
      statement.setBigDecimal(parameter, number);
    } else {
      statement.setNull(parameter, Types.NULL);
    }
  }
}
