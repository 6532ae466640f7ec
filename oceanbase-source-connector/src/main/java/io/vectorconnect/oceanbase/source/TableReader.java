package io.vectorconnect.oceanbase.source;

import io.vectorconnect.oceanbase.source.ColumnReader.Reading;
import io.vectorconnect.oceanbase.source.ColumnReader.SparseValues;
import io.vectorconnect.oceanbase.source.Queries.Span;
import io.vectorconnect.oceanbase.source.RecordMapper.InexactException;
import io.vectorconnect.oceanbase.source.RecordMapper.MappedRow;
import io.vectorconnect.source.PageSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pages of one table. */
final class TableReader {
  private static final Logger log = LoggerFactory.getLogger(TableReader.class);

  /** Keys in one statement. */
  private static final int MAX_KEYS = 500;

  /** Elements of a sparse vector in one statement. */
  private static final int MAX_PRODUCTS = 200;

  private final Session session;
  private final Table table;
  private final Queries queries;
  private final RecordMapper mapper;
  private final PageSize pageSize;
  private final Optional<StampColumn> stamp;
  private final Map<VectorForm, List<String>> expressions = new HashMap<>();
  private VectorForm form = VectorForm.SPLIT;

  /**
   * A reader.
   *
   * @param stamp the column that tells when rows were changed, if the strategy asks it
   */
  TableReader(
      Session session,
      Table table,
      RecordMapper mapper,
      PageSize pageSize,
      Optional<StampColumn> stamp) {
    this.session = session;
    this.table = table;
    this.queries = new Queries(table);
    this.mapper = mapper;
    this.pageSize = pageSize;
    this.stamp = stamp;
    for (VectorForm each : VectorForm.values()) {
      expressions.put(each, mapper.expressions(each));
    }
  }

  RecordMapper mapper() {
    return mapper;
  }

  /** A position, with what a row that is published says of when it was changed. */
  Position seen(Position position, MappedRow row) {
    return stamp.isEmpty() || row.value() == null
        ? position
        : position.seen(stamp.get().micros(row.value()));
  }

  /**
   * A page.
   *
   * @param rows the rows
   * @param marks of each row, where the reading stands behind it
   * @param last the last mark that was looked at, or null when there was none
   * @param end whether there is nothing behind it
   */
  public record Page(List<MappedRow> rows, List<Key> marks, Key last, boolean end) {
    /** Rows in the order of their keys. */
    static Page byKey(List<MappedRow> rows, Key last, boolean end) {
      return new Page(rows, rows.stream().map(MappedRow::key).toList(), last, end);
    }
  }

  /** Whether the table has the columns still that this reads. */
  boolean isCurrent() {
    return table.equals(Table.describe(session, table.database(), table.name()));
  }

  /** Whether both read by the same key. */
  boolean hasKeyOf(TableReader other) {
    return table.key().equals(other.table.key());
  }

  /** The next rows of a span, at an SCN. */
  Page page(long scn, Span span) {
    int limit = pageSize.rows();
    // One row more tells whether this page is the last.
    List<MappedRow> rows = read(scn, f -> queries.page(f, scn, span, limit + 1));
    boolean end = rows.size() <= limit;
    List<MappedRow> page = end ? rows : rows.subList(0, limit);
    return Page.byKey(page, page.isEmpty() ? null : page.get(page.size() - 1).key(), end);
  }

  /** Rows that changed after {@code since}, as they are at {@code upper}. */
  Page changes(long since, long upper, Span span) {
    int limit = Math.min(pageSize.rows(), MAX_KEYS);
    List<Key> keys =
        session.query(queries.changed(mapper.keyExpressions(), since, span, limit + 1)).stream()
            .map(mapper::key)
            .toList();
    boolean end = keys.size() <= limit;
    if (keys.isEmpty()) {
      return Page.byKey(List.of(), null, true);
    }
    List<Key> wanted = end ? keys : keys.subList(0, limit);
    // Those that came after upper are not there yet; the next look finds them.
    List<MappedRow> rows = read(upper, f -> queries.rows(f, upper, wanted));
    return Page.byKey(rows, wanted.get(wanted.size() - 1), end);
  }

  /**
   * Rows that changed after {@code since} and whose stamp says so, as they are at the upper SCN, in
   * the order of their stamps and keys.
   *
   * @param position in its phase of stamps
   * @param span the whole range
   */
  Page stamped(Position position, Span span) {
    StampColumn column = stamp.orElseThrow();
    int limit = Math.min(pageSize.rows(), MAX_KEYS);
    List<byte[][]> found =
        session.query(
            queries.stamped(
                mapper.keyExpressions(),
                column.name(),
                position.since(),
                column.floor(position.stamps().before(), position.since()),
                position.last(),
                span,
                limit + 1));
    boolean end = found.size() <= limit;
    if (found.isEmpty()) {
      return Page.byKey(List.of(), null, true);
    }
    Map<Key, Key> marks = new LinkedHashMap<>();
    Key last = null;
    for (byte[][] row : end ? found : found.subList(0, limit)) {
      Key key = mapper.key(Arrays.copyOfRange(row, 1, row.length));
      last = key.behind(new String(row[0], StandardCharsets.UTF_8));
      marks.put(key, last);
    }
    List<Key> wanted = List.copyOf(marks.keySet());
    Map<Key, MappedRow> rows = new HashMap<>();
    for (MappedRow row : read(position.upper(), f -> queries.rows(f, position.upper(), wanted))) {
      rows.put(row.key(), row);
    }
    marks.keySet().retainAll(rows.keySet());
    return new Page(
        marks.keySet().stream().map(rows::get).toList(), List.copyOf(marks.values()), last, end);
  }

  /** Keys that were there at {@code since} and are not at {@code upper}. */
  Page deletes(long since, long upper, Span span) {
    int limit = pageSize.rows();
    List<MappedRow> rows =
        session
            .query(queries.deleted(mapper.keyExpressions(), since, upper, span, limit + 1))
            .stream()
            .map(mapper::gone)
            .toList();
    boolean end = rows.size() <= limit;
    List<MappedRow> page = end ? rows : rows.subList(0, limit);
    return Page.byKey(page, page.isEmpty() ? null : page.get(page.size() - 1).key(), end);
  }

  private List<MappedRow> read(long scn, Function<List<String>, Sql> query) {
    if (form == VectorForm.SPLIT) {
      try {
        return read(VectorForm.SPLIT, scn, query);
      } catch (OceanBaseException e) {
        if (e.kind() == OceanBaseException.Kind.NOT_SUPPORTED) {
          toDoubles();
        } else if (e.kind() != OceanBaseException.Kind.OUT_OF_RANGE) {
          throw e;
        }
      } catch (InexactException e) {
        toDoubles();
      }
    }
    return read(VectorForm.DOUBLES, scn, query);
  }

  private void toDoubles() {
    log.info("Table {}: vectors are read as arrays of doubles", table.name());
    form = VectorForm.DOUBLES;
  }

  private List<MappedRow> read(VectorForm asked, long scn, Function<List<String>, Sql> query) {
    List<byte[][]> raw = session.query(query.apply(expressions.get(asked)));
    List<MappedRow> rows = new ArrayList<>(raw.size());
    long bytes = 0;
    for (int i = 0; i < raw.size(); i++) {
      byte[][] row = raw.set(i, null); // the text of a page is not kept beside its records
      for (byte[] value : row) {
        bytes += value == null ? 0 : value.length;
      }
      SparseValues sparse = (column, indices) -> sparse(mapper.key(row), scn, column, indices);
      rows.add(mapper.map(row, new Reading(asked, sparse)));
    }
    if (!rows.isEmpty()) {
      int average = (int) Math.min(Integer.MAX_VALUE, bytes / rows.size() * rows.size());
      pageSize.seen(Math.min(rows.size(), pageSize.rows()), average);
    }
    return rows;
  }

  /** Elements of a sparse vector, each as its inner product with one that has just its index. */
  private double[] sparse(Key key, long scn, String column, List<String> indices) {
    double[] values = new double[indices.size()];
    for (int from = 0; from < values.length; from += MAX_PRODUCTS) {
      int to = Math.min(values.length, from + MAX_PRODUCTS);
      List<String> products = new ArrayList<>();
      for (String index : indices.subList(from, to)) {
        products.add("inner_product(n.%s, '{%s:1}')".formatted(Sql.quote(column), index));
      }
      byte[][] row = session.query(queries.rows(products, scn, List.of(key))).get(0);
      for (int i = 0; i < row.length; i++) {
        values[from + i] = Double.parseDouble(new String(row[i], StandardCharsets.ISO_8859_1));
      }
    }
    return values;
  }
}
