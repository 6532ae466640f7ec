package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.datavec.sink.DataVecSinkTask;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PostgresqlSinkIT extends DataVecSinkContract {
  PostgresqlSinkIT() {
    super(Sql.postgresql());
  }

  /**
   * As while an index is built: longer than a consumer may stay away, and than failures may last.
   */
  @Test
  void aWriteThatWaitsDoesNotHoldTheTaskNorCountAsAFailure() throws Exception {
    Sql sql = Sql.postgresql();
    sql.execute("CREATE TABLE held (id bigint PRIMARY KEY, label varchar, v vector(3))");
    Map<String, String> config = sql.sinkConfig("held");
    config.put("retry.timeout.ms", "1000");
    try (SinkHarness sink = new SinkHarness(new DataVecSinkTask(), config);
        Connection holder = sql.open();
        Statement statement = holder.createStatement()) {
      sink.write(row(sink, "held", 1, "before", 1, 1, 1));
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE held IN SHARE MODE");
      sink.put(row(sink, "held", 2, "waits", 2, 2, 2));
      sink.put();
      Await.until(
          "the write to wait",
          () -> !sql.rows("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty());
      SinkRecord unplanned = shortRow(sink, "other_than_held", 3);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> sink.putOnce(unplanned)).isInstanceOf(RetriableException.class);
      }
      holder.rollback();
      sink.write(unplanned);
      assertThat(sql.count("held")).isEqualTo(2);
      assertThat(sql.count("other_than_held")).isEqualTo(1);
    }
  }
}
