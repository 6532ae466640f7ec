package io.vectorconnect.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
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

  /** What validate says in this process, as a text of key and message. */
  default List<String> problemsOf(Map<String, String> config) throws Exception {
    SinkConnector connector =
        Class.forName(config.get("connector.class"))
            .asSubclass(SinkConnector.class)
            .getDeclaredConstructor()
            .newInstance();
    List<String> problems = new ArrayList<>();
    for (ConfigValue value : connector.validate(config).configValues()) {
      value.errorMessages().forEach(message -> problems.add(value.name() + ": " + message));
    }
    return problems;
  }
}
