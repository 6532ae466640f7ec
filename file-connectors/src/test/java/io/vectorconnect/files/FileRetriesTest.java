package io.vectorconnect.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.hdf5.source.Hdf5SourceConnector;
import io.vectorconnect.hdf5.source.Hdf5SourceTask;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files on a mount that comes later than the worker. */
@Timeout(30)
class FileRetriesTest {
  private static final int ROWS = 23;

  @TempDir private Path folder;
  private final Hdf5SourceTask task = new Hdf5SourceTask();
  private final Hdf5SourceConnector connector = new Hdf5SourceConnector();
  private final List<Exception> raised = new ArrayList<>();

  @BeforeEach
  void initialize() {
    task.initialize(
        proxy(
            SourceTaskContext.class,
            proxy(OffsetStorageReader.class, null, new ArrayList<>()),
            new ArrayList<>()));
    connector.initialize(proxy(SourceConnectorContext.class, null, raised));
  }

  @AfterEach
  void stop() {
    task.stop();
    connector.stop();
  }

  private static <T> T proxy(Class<T> type, Object answer, List<Exception> raised) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals("raiseError")) {
                raised.add((Exception) arguments[0]);
              }
              return answer;
            }));
  }

  private Map<String, String> config(Path path, String... more) {
    Map<String, String> config = new TreeMap<>();
    config.put("name", "files");
    config.put("file.path", path.toString());
    config.put("topic", "t");
    config.put("retry.backoff.ms", "1");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private Path mount() throws Exception {
    Path mounted = Files.createDirectories(folder.resolve("mount"));
    return Files.copy(Fixtures.file("hdf5/f64_exact.h5"), mounted.resolve("a.h5"));
  }

  private List<SourceRecord> rows() throws InterruptedException {
    List<SourceRecord> records = new ArrayList<>();
    while (records.size() < ROWS) {
      List<SourceRecord> polled = task.poll();
      records.addAll(polled == null ? List.of() : polled);
    }
    return records;
  }

  @Test
  void aFileThatIsNotThereYetIsRead() throws Exception {
    Path file = folder.resolve("mount").resolve("a.h5");
    task.start(config(file, "task.files", file.toString()));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(task::poll)
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("a.h5 is not there, or cannot be read");
    }
    mount();
    assertThat(rows()).hasSize(ROWS);
  }

  @Test
  void aFolderThatIsFollowedMayComeLater() throws Exception {
    Path mounted = folder.resolve("mount");
    task.start(
        config(
            mounted,
            "topic",
            "",
            "mode",
            "follow",
            "poll.interval.ms",
            "20",
            "task.index",
            "0",
            "task.count",
            "1"));
    assertThatThrownBy(task::poll)
        .isInstanceOf(RetriableException.class)
        .hasMessageContaining("There is no file or folder " + mounted);
    mount();
    assertThat(rows()).hasSize(ROWS);
  }

  @Test
  void theTaskGivesUpAfterTheTimeout() throws Exception {
    Path file = folder.resolve("a.h5");
    task.start(config(file, "task.files", file.toString(), "retry.timeout.ms", "30"));
    assertThatThrownBy(task::poll).isInstanceOf(RetriableException.class);
    Thread.sleep(40);
    assertThatThrownBy(task::poll)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("gave up after retry.timeout.ms=30")
        .hasMessageContaining("a.h5");
  }

  @Test
  void aDamagedFileIsNotTriedAgain() throws Exception {
    Path file = Files.write(folder.resolve("a.h5"), new byte[1_000]);
    task.start(config(file, "task.files", file.toString()));
    assertThatThrownBy(task::poll)
        .isInstanceOf(FileProblem.class)
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("cannot be read as HDF5");
  }

  @Test
  void theConnectorWaitsForTheMountToo() throws Exception {
    connector.start(config(folder.resolve("mount")));
    assertThatThrownBy(() -> connector.taskConfigs(1))
        .hasMessageContaining("There is no file or folder");
    assertThat(raised).isEmpty();
    mount();
    assertThat(connector.taskConfigs(1)).hasSize(1);
  }
}
