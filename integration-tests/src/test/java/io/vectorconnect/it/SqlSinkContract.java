package io.vectorconnect.it;

import java.util.List;
import org.junit.jupiter.api.Timeout;

/**
 * What every SQL sink promises is stated once, in the contracts that extend this one by subject; a
 * test class implements them for its database, and adds what only that one has.
 */
@Timeout(120)
interface SqlSinkContract {
  SqlTarget sql();

  default SinkHarness sink(String topic, String... more) {
    return sql().sink(topic, more);
  }

  /** The rows of a table for {@link SinkRecords#row}. */
  default List<String> rows(String table) throws Exception {
    return sql().rows("SELECT id, label, v FROM " + sql().quoted(table) + " ORDER BY id");
  }
}
