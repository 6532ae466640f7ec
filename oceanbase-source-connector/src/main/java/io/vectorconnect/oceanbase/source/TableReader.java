package io.vectorconnect.oceanbase.source;

import io.vectorconnect.oceanbase.source.ColumnReader.Reading;
import io.vectorconnect.oceanbase.source.ColumnReader.SparseValues;
import io.vectorconnect.oceanbase.source.Queries.Span;
import io.vectorconnect.oceanbase.source.RecordMapper.InexactException;
import io.vectorconnect.oceanbase.source.RecordMapper.MappedRow;
import io.vectorconnect.source.PageSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<VectorForm, List<String>> expressions = new HashMap<>();
  private VectorForm form = VectorForm.SPLIT;

  TableReader(Session session, Table table, RecordMapper mapper, PageSize pageSize) {
    this.session = session;
    this.table = table;
    this.queries = new Queries(table);
    this.mapper = mapper;
    this.pageSize = pageSize;
    for (VectorForm each : VectorForm.values()) {
      expressions.put(each, mapper.expressions(each));
    }
  }

  RecordMapper mapper() {
    return mapper;
  }

  /**
   * A page.
   *
   * @param rows the rows, in the order of their keys
   * @param last the last key that was looked at, or null when there was none
   * @param end whether there is nothing behind it
   */
  record Page(List<MappedRow> rows, Key last, boolean end) {}

  /** The next rows of a span, at an SCN or (0) now. */
  Page page(long scn, Span span) {
    int limit = pageSize.rows();
    // One row more tells whether this page is the last.
    List<MappedRow> rows = read(scn, f -> queries.page(f, scn, span, limit + 1));
    boolean end = rows.size() <= limit;
    List<MappedRow> page = end ? rows : rows.subList(0, limit);
    return new Page(page, page.isEmpty() ? null : page.get(page.size() - 1).key(), end);
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
      return new Page(List.of(), null, true);
    }
    List<Key> wanted = end ? keys : keys.subList(0, limit);
    // Those that came after upper are not there yet; the next look finds them.
    List<MappedRow> rows = read(upper, f -> queries.rows(f, upper, wanted));
    return new Page(rows, wanted.get(wanted.size() - 1), end);
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
    return new Page(page, page.isEmpty() ? null : page.get(page.size() - 1).key(), end);
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
        values[from + i] =
            Double.parseDouble(new String(row[i], java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return values;
  }
}
