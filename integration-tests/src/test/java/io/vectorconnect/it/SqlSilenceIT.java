package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.localstack.LocalStack;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers and connections that say nothing: none of them is waited for in silence. */
@Services(shared = {POSTGRESQL, OPENGAUSS, OCEANBASE})
@Timeout(120)
class SqlSilenceIT {
  enum Target {
    POSTGRESQL,
    OPENGAUSS,
    OCEANBASE;

    SqlTarget sql() {
      return switch (this) {
        case POSTGRESQL -> Sql.postgresql();
        case OPENGAUSS -> Sql.openGauss();
        case OCEANBASE -> OceanBase.database("silence");
      };
    }
  }

  private static final String[] IMPATIENT = {
    "connection.timeout.ms", "1000", "retry.timeout.ms", "5000", "batch.linger.ms", "10"
  };

  private static SinkHarness sink(SqlTarget sql, Map<String, String> config) {
    for (int i = 0; i < IMPATIENT.length; i += 2) {
      config.put(IMPATIENT[i], IMPATIENT[i + 1]);
    }
    return new SinkHarness(sql.task(), config);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void aConnectionThatFellSilentIsGivenUpAndTheRowsLand(Target target) throws Exception {
    SqlTarget sql = target.sql();
    String topic = "silent_" + target.name().toLowerCase(Locale.ROOT);
    Map<String, String> config = sql.sinkConfig(topic);
    try (SilentGate gate = new SilentGate(Integer.parseInt(config.get("connection.port")))) {
      config.put("connection.port", Integer.toString(gate.port()));
      try (SinkHarness sink = sink(sql, config)) {
        sink.write(row(sink, topic, 1, "before", 1, 1, 1));
        TestLog log = new TestLog();
        gate.silence();
        sink.write(row(sink, topic, 2, "after", 2, 2, 2));
        assertThat(sql.count(topic)).isEqualTo(2);
        assertThat(log.text())
            .contains("The connection is given up", "does nothing for this connection");
      }
    }
  }

  @Test
  void aServerThatWasStoppedFailsTheTaskInTime() throws Exception {
    try (LocalStack own = LocalStack.builder().components(POSTGRESQL).start()) {
      Sql sql = Sql.postgresql(own.postgresql().server());
      try (SinkHarness sink = sink(sql, sql.sinkConfig("stopped"));
          Connection connection = sql.open();
          Statement statement = connection.createStatement()) {
        sink.write(row(sink, "stopped", 1, "before", 1, 1, 1));
        var backend = statement.executeQuery("SELECT pg_backend_pid()");
        backend.next();
        ProcessHandle server = ProcessHandle.of(backend.getLong(1)).orElseThrow().parent().get();
        signal("-STOP", server);
        try {
          assertThatThrownBy(
                  () -> {
                    sink.putOnce(row(sink, "stopped", 2, "never", 2, 2, 2));
                    putForEver(sink);
                  })
              .isInstanceOf(ConnectException.class)
              .isNotInstanceOf(RetriableException.class)
              .hasMessageContaining("gave up after retry.timeout.ms=5000");
        } finally {
          signal("-CONT", server);
        }
      }
    }
  }

  private static void putForEver(SinkHarness sink) throws InterruptedException {
    while (true) {
      sink.put();
      Thread.sleep(50);
    }
  }

  private static void signal(String signal, ProcessHandle server) throws Exception {
    String[] command =
        Stream.concat(
                Stream.of("kill", signal),
                Stream.concat(Stream.of(server), server.descendants())
                    .map(process -> Long.toString(process.pid())))
            .toArray(String[]::new);
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  @Test
  void aLockIsWaitedForAndTold() throws Exception {
    Sql sql = Sql.postgresql();
    sql.execute("CREATE TABLE locked (id bigint PRIMARY KEY, label varchar, v vector(3))");
    try (SinkHarness sink = sink(sql, sql.sinkConfig("locked"));
        Connection holder = sql.open();
        Statement statement = holder.createStatement()) {
      sink.write(row(sink, "locked", 1, "before", 1, 1, 1));
      TestLog log = new TestLog();
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE locked IN EXCLUSIVE MODE");
      sink.putOnce(row(sink, "locked", 2, "waits", 2, 2, 2));
      long longer = System.nanoTime() + 8_000_000_000L; // than the connection and the retry timeout
      while (System.nanoTime() < longer) {
        sink.put();
        Thread.sleep(50);
      }
      assertThat(log.text())
          .contains("waits for a lock on a relation, held by process")
          .doesNotContain("The connection is given up");
      holder.rollback();
      sink.flush();
      assertThat(sql.count("locked")).isEqualTo(2);
    }
  }
}
