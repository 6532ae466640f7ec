package io.vectorconnect.milvus.sink;

import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.sink.Bisection.Errant;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.ErrantRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Rows that the server refuses for a reason that does not say whether the row is to blame or the
 * server. A row is, if the server has taken others since. If it has taken none, every row would be
 * set aside for what may be no fault of theirs.
 */
final class Suspects {
  /** A refusal whose reason is not known to be about values. */
  static final class UnprovenException extends RefusedException {
    private static final long serialVersionUID = 1L;

    UnprovenException(String message) {
      super(message, null);
    }
  }

  private static final int ENOUGH = 20;

  private final Map<Row, RefusedException> rows = new LinkedHashMap<>();
  private boolean refused;
  private boolean takesOthers;

  /** The server has taken a request. */
  synchronized void taken() {
    takesOthers |= refused;
  }

  /** The server has refused a request with several rows. */
  synchronized void refused() {
    refused = true;
  }

  /**
   * The server has refused a row by itself.
   *
   * @throws ConnectException when it refuses one after the other, and takes none
   */
  synchronized void add(Row row, RefusedException reason) {
    refused = true;
    rows.put(row, reason);
    if (!takesOthers && rows.size() >= ENOUGH) {
      throw failure();
    }
  }

  /** The rows without a verdict, for another try. */
  synchronized List<Row> release() {
    List<Row> all = new ArrayList<>(rows.keySet());
    rows.clear();
    return all;
  }

  /**
   * Reports the rows.
   *
   * @throws ConnectException when the server has taken no other row
   */
  synchronized void judge(Errant<Row> errant) {
    if (rows.isEmpty()) {
      return;
    }
    if (!takesOthers) {
      throw failure();
    }
    rows.forEach(errant::report);
    rows.clear();
  }

  private ConnectException failure() {
    Map.Entry<Row, RefusedException> first = rows.entrySet().iterator().next();
    return new ConnectException(
        "%s: %s; no other row was taken since, so that the record is not known to be the cause"
            .formatted(
                ErrantRecords.coordinates(first.getKey().records().get(0)),
                first.getValue().getMessage()));
  }
}
