package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.sink.AllRefused;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.ErrantRecords;
import io.vectorconnect.sink.TransientWriteException;
import io.vectorconnect.sql.sink.SqlSession;
import io.vectorconnect.sql.sink.SqlWriter;
import io.vectorconnect.sql.sink.row.RowLoader;
import io.vectorconnect.sql.sink.row.RowPlan;
import io.vectorconnect.sql.sink.table.TableId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;

/** Batches that are given up just while their writer connects, where a server cannot be brought. */
class GivenUpBatchTest {
  private static final DataVecSinkConfig CONFIG =
      new DataVecSinkConfig(
          Map.of(
              "name", "given-up",
              "connection.host", "localhost",
              "connection.database", "d",
              "connection.user", "u",
              "connection.password", "p"));

  private static final ErrantRecords NO_QUEUE =
      new ErrantRecords(
          (SinkTaskContext)
              Proxy.newProxyInstance(
                  GivenUpBatchTest.class.getClassLoader(),
                  new Class<?>[] {SinkTaskContext.class},
                  (proxy, method, arguments) -> null),
          AllRefused.FAIL);

  private final Queue<String> calls = new ConcurrentLinkedQueue<>();
  private Runnable whileConnecting = () -> {};
  private final Writer writer = new Writer();

  private final class Writer extends SqlWriter<ColumnEncoder, Row, CopyBatch> {
    Writer() {
      super(CONFIG, new DataVecDialect(CONFIG));
    }

    @Override
    protected CopyBatch emptyBatch() {
      return new CopyBatch(true, new BufferPool(1));
    }

    @Override
    protected Link<Row> connect() {
      whileConnecting.run();
      Connection connection =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return null;
                  });
      return new Link<>(new FakeSession(connection), new NoRows());
    }

    @Override
    protected void encode(RowPlan<ColumnEncoder> plan, Change change, CopyBatch batch) {}
  }

  private static final class FakeSession extends SqlSession {
    FakeSession(Connection connection) {
      super(connection, PostgresErrors.INSTANCE);
    }

    @Override
    protected String prefix() {
      return "fake";
    }

    @Override
    public String describe(SQLException e) {
      return "fake";
    }
  }

  private static final class NoRows implements RowLoader<Row> {
    @Override
    public Set<TableId> prepare(List<RowPlan<?>> plans) {
      return Set.of();
    }

    @Override
    public void truncate(TableId table) {}

    @Override
    public void load(List<Row> rows) {}
  }

  @Test
  void isNotWrittenAfterwards() throws Exception {
    CopyBatch batch = writer.newBatch();
    whileConnecting = writer::abort;
    assertThatThrownBy(() -> writer.write(batch, Map.of(), NO_QUEUE))
        .isInstanceOf(TransientWriteException.class);
    assertThatThrownBy(() -> writer.write(batch, Map.of(), NO_QUEUE))
        .isInstanceOf(TransientWriteException.class);
    assertThat(calls).doesNotContain("commit");
    whileConnecting = () -> {};
    writer.write(writer.newBatch(), Map.of(), NO_QUEUE);
    assertThat(calls).contains("commit");
  }

  @Test
  void leavesNoConnectionOpenBehindAStop() {
    CopyBatch batch = writer.newBatch();
    whileConnecting = writer::close;
    assertThatThrownBy(() -> writer.write(batch, Map.of(), NO_QUEUE))
        .isInstanceOf(ConnectException.class);
    assertThat(calls).contains("close").doesNotContain("commit");
  }
}
