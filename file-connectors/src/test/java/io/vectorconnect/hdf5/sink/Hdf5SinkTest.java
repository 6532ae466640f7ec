package io.vectorconnect.hdf5.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import io.vectorconnect.hdf5.source.Hdf5SourceConnector;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class Hdf5SinkTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 3);
  private static final Schema KEY = SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("v", VectorSchema.builder(VectorType.FLOAT, 3).build())
          .field("name", Schema.OPTIONAL_STRING_SCHEMA)
          .field("small", Schema.INT16_SCHEMA)
          .field("wide", Schema.FLOAT64_SCHEMA)
          .field("tiny", VectorSchema.builder(VectorType.BINARY, 16).build())
          .build();

  @TempDir Path folder;
  private final Map<TopicPartition, Long> setTo = new HashMap<>();
  private final List<String> errant = new ArrayList<>();

  private Hdf5SinkTask task(String... more) {
    Map<String, String> config = new HashMap<>(Map.of("file.path", folder.toString()));
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    ErrantRecordReporter reporter =
        (record, error) -> {
          errant.add(error.getMessage());
          return CompletableFuture.completedFuture(null);
        };
    SinkTaskContext context =
        (SinkTaskContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SinkTaskContext.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("offset")) {
                    setTo.put((TopicPartition) arguments[0], (Long) arguments[1]);
                  }
                  return method.getName().equals("errantRecordReporter") ? reporter : null;
                });
    Hdf5SinkTask task = new Hdf5SinkTask();
    task.initialize(context);
    task.start(config);
    task.open(List.of(PARTITION));
    return task;
  }

  /**
   * Records without a schema, as from a converter that does not fit: none has a place in a file.
   */
  @Test
  void aTopicOfWhichNoRecordFitsFailsTheTask() {
    List<SinkRecord> records = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      records.add(new SinkRecord("t", 3, null, null, null, Map.of("v", List.of(1.0)), i));
    }
    Hdf5SinkTask task = task();
    assertThatThrownBy(() -> task.put(records))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("took none of the first 100 records of topic t")
        .hasMessageContaining("topic t, partition 3, offset 0")
        .hasMessageContaining("all.refused=continue");
    assertThat(errant).hasSizeLessThan(100);
    errant.clear();
    task("all.refused", "continue").put(records);
    assertThat(errant).hasSize(150);
  }

  private static Struct row(long id) {
    return new Struct(VALUE)
        .put("id", id)
        .put("v", PackedVector.ofFloats(new float[] {id, -0f, 1 / (id + 0.7f)}).bytes())
        .put("name", "näme ".repeat((int) (id % 4)) + id)
        .put("small", (short) -id)
        .put("wide", 0.1 * id)
        .put("tiny", new byte[] {(byte) id, 1});
  }

  private static SinkRecord record(long offset, Schema schema, Object value) {
    return new SinkRecord(
        "t",
        3,
        KEY,
        new Struct(KEY).put("id", offset),
        schema,
        value,
        offset,
        0L,
        TimestampType.CREATE_TIME);
  }

  private static List<SinkRecord> records(long from, long to) {
    return Stream.iterate(from, i -> i < to, i -> i + 1)
        .map(i -> record(i, VALUE, row(i)))
        .toList();
  }

  private static long committed(Hdf5SinkTask task, long delivered) {
    OffsetAndMetadata offset =
        task.preCommit(Map.of(PARTITION, new OffsetAndMetadata(delivered))).get(PARTITION);
    return offset == null ? -1 : offset.offset();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static String name(long first, long last) {
    return "t-3-%020d-%020d.h5".formatted(first, last);
  }

  /** The rows of all files, read by the source. */
  private List<SourceRecord> read(int rows) throws Exception {
    Map<String, String> config =
        Map.of("file.path", folder.toString(), "topic", "t", "dataset.fields", "name,small,wide");
    return new Worker(new Hdf5SourceConnector()).run(config, records -> records.size() == rows);
  }

  private void assertRows(int rows) throws Exception {
    List<SourceRecord> read = new ArrayList<>(read(rows));
    read.sort(java.util.Comparator.comparing(r -> ((Struct) r.value()).getInt64("ids")));
    for (int i = 0; i < rows; i++) {
      Struct value = (Struct) read.get(i).value();
      Struct expected = row(i);
      assertThat(value.getInt64("ids")).isEqualTo(i);
      assertThat(value.getBytes("embeddings")).isEqualTo(expected.getBytes("v"));
      for (String field : List.of("name", "small", "wide")) {
        assertThat(value.get(field)).as(field).isEqualTo(expected.get(field));
      }
    }
  }

  @Test
  void rollsByRowsAndCommitsOnlyWhatIsInFiles() throws Exception {
    Hdf5SinkTask task = task("roll.max.rows", "10");
    task.put(records(0, 7));
    assertThat(files()).isEmpty();
    assertThat(committed(task, 7)).isEqualTo(-1);
    task.put(records(7, 25));
    assertThat(files()).containsExactly(name(0, 9), name(10, 19));
    assertThat(committed(task, 25)).isEqualTo(20);
    task.put(records(25, 30));
    assertThat(committed(task, 30)).isEqualTo(30);
    assertRows(30);
  }

  @Test
  void rollsByBytesAndByTime() throws Exception {
    Hdf5SinkTask task = task("roll.max.bytes", "1024");
    task.put(records(0, 60));
    assertThat(files()).hasSizeGreaterThan(1);
    Hdf5SinkTask hasty = task("roll.interval.ms", "1");
    long next = setTo.get(PARTITION) + 1;
    hasty.put(records(next - 1, next + 2));
    Thread.sleep(5);
    hasty.put(List.of());
    assertThat(files()).contains(name(next, next + 1));
  }

  @Test
  void goesOnBehindItsFilesWhateverKafkaHasStored() throws Exception {
    Hdf5SinkTask first = task("roll.max.rows", "10");
    first.put(records(0, 25)); // and then it is killed, before its offsets are stored
    Files.writeString(folder.resolve("." + name(20, 29) + ".part"), "half a file");
    Hdf5SinkTask second = task("roll.max.rows", "10");
    assertThat(setTo).containsEntry(PARTITION, 19L);
    second.put(records(0, 25)); // the worker may deliver them all the same
    second.put(records(19, 40));
    assertThat(files()).containsExactly(name(0, 9), name(10, 19), name(20, 29), name(30, 39));
    assertRows(40);
  }

  @Test
  void aShorterTopicOfTheSameNameIsRefused() {
    task("roll.max.rows", "10").put(records(0, 10));
    setTo.clear();
    Hdf5SinkTask second = task("roll.max.rows", "10");
    second.put(records(0, 5)); // offset 9 is not there, so Kafka begins at 0
    assertThat(committed(second, 5)).isEqualTo(-1);
    assertThat(setTo).containsEntry(PARTITION, 9L);
    assertThatThrownBy(() -> second.put(records(0, 5)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("topic t, partition 3, offset 0")
        .hasMessageContaining("the files end at offset 9");
  }

  @Test
  void aLongerTopicOfTheSameNameIsRefusedByItsRecord() throws Exception {
    task("roll.max.rows", "10").put(records(0, 10));
    Hdf5SinkTask second = task("roll.max.rows", "10", "files.unverified", "continue");
    SinkRecord other = record(9, VALUE, row(9).put("name", "of another topic"));
    assertThatThrownBy(() -> second.put(List.of(other)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("topic t, partition 3, offset 9")
        .hasMessageContaining(name(0, 9))
        .hasMessageContaining("deleted and created again: its record at offset 9 is another one");
    assertThat(files()).containsExactly(name(0, 9));
  }

  @Test
  void whatCannotBeVerifiedIsRefusedUnlessConfiguredOtherwise() throws Exception {
    task("roll.max.rows", "10").put(records(0, 10));
    List<SinkRecord> later = records(12, 22); // the topic no longer has offset 9
    assertThatThrownBy(() -> task("roll.max.rows", "10").put(later))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the topic no longer has the record at offset 9")
        .hasMessageContaining("files.unverified=continue");
    Hdf5SinkTask second = task("roll.max.rows", "10", "files.unverified", "continue");
    second.put(later);
    assertThat(files()).containsExactly(name(0, 9), name(12, 21));
  }

  @Test
  void filesOfAnEarlierReleaseAreContinuedOnlyWhereConfigured() throws Exception {
    try (WritableHdfFile old = HdfFile.write(folder.resolve(name(0, 9)))) {
      old.putDataset("ids", new long[] {1});
    }
    assertThatThrownBy(() -> task().put(records(9, 12)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(name(0, 9))
        .hasMessageContaining("of an earlier release");
    Hdf5SinkTask second = task("roll.max.rows", "2", "files.unverified", "continue");
    second.put(records(9, 12));
    assertThat(files()).containsExactly(name(0, 9), name(10, 11));
  }

  @Test
  void anOwnerThatStalledDoesNotWriteWhatTheNextOneHasWritten() throws Exception {
    Hdf5SinkTask stalled = task("roll.max.rows", "100");
    stalled.put(records(0, 50));
    Hdf5SinkTask next = task("roll.max.rows", "100", "roll.interval.ms", "1");
    next.put(records(0, 60));
    Thread.sleep(5);
    next.put(List.of());
    assertThat(files()).containsExactly(name(0, 59));
    stalled.put(records(50, 101)); // it wakes up, and rolls at 100 rows
    assertThat(files()).containsExactly(name(0, 59));
    assertThat(setTo).containsEntry(PARTITION, 59L);
    assertThat(committed(stalled, 101)).isEqualTo(-1);
    stalled.put(records(59, 160)); // it owns the partition again
    assertThat(files()).containsExactly(name(0, 59), name(60, 159));
    assertRows(160);
  }

  @Test
  void aRecordOfAnotherSchemaIsNotKeptWhereTheNextOwnerHasWritten() throws Exception {
    Hdf5SinkTask stalled = task("roll.max.rows", "100");
    stalled.put(records(0, 50));
    task("roll.max.rows", "50").put(records(0, 50));
    Schema other = SchemaBuilder.struct().field("x", Schema.INT64_SCHEMA).build();
    stalled.put(List.of(record(50, other, new Struct(other).put("x", 1L)))); // rolls, and loses
    assertThat(setTo).containsEntry(PARTITION, 49L);
    stalled.put(records(49, 150));
    assertThat(files()).containsExactly(name(0, 49), name(50, 149));
    assertRows(150);
  }

  @Test
  void storedOffsetsThatTheFilesWouldOverrideAreRefused() {
    task("roll.max.rows", "10").put(records(0, 10));
    Map<String, String> config = Map.of("file.path", folder.toString());
    Hdf5SinkConnector connector = new Hdf5SinkConnector();
    for (Long offset : java.util.Arrays.asList(null, 0L, 9L, 11L)) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      offsets.put(PARTITION, offset);
      assertThatThrownBy(() -> connector.alterOffsets(config, offsets))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("continues at offset 10")
          .hasMessageContaining(name(0, 9));
    }
    assertThat(connector.alterOffsets(config, Map.of(PARTITION, 10L))).isTrue();
    assertThat(connector.alterOffsets(config, Map.of(new TopicPartition("t", 4), 0L))).isTrue();
  }

  @Test
  void aFileThatCannotBeWrittenIsNotCommitted() throws Exception {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Hdf5SinkTask task = task("file.path", inner.toString(), "roll.max.rows", "10");
    Files.delete(inner);
    task.put(records(0, 5));
    assertThatThrownBy(() -> task.put(records(5, 12)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Cannot write file " + inner.resolve(name(0, 9)));
    assertThat(committed(task, 5)).isEqualTo(-1);
  }

  @Test
  void whatNoDatasetHoldsIsErrantAndTheOthersLand() throws Exception {
    Hdf5SinkTask task = task("roll.max.rows", "3");
    task.put(
        List.of(
            record(0, VALUE, row(0)),
            record(1, VALUE, row(1).put("name", null)),
            record(2, VALUE, row(2).put("name", "a\0b")),
            record(3, VALUE, row(3).put("v", new byte[12 - 4])),
            record(4, null, null),
            record(5, VALUE, row(1)),
            record(6, VALUE, row(2))));
    assertThat(errant)
        .hasSize(4)
        .satisfies(reasons -> assertThat(reasons.get(0)).contains("offset 1", "name", "NULL"))
        .satisfies(reasons -> assertThat(reasons.get(1)).contains("offset 2", "NUL"))
        .satisfies(reasons -> assertThat(reasons.get(2)).contains("offset 3", "dataset embeddings"))
        .satisfies(reasons -> assertThat(reasons.get(3)).contains("offset 4", "deletes=skip"));
    assertThat(files()).containsExactly(name(0, 6));
    assertThat(committed(task, 7)).isEqualTo(7);
  }

  @Test
  void recordsWithoutSchemasAreErrant() {
    Hdf5SinkTask task = task();
    task.put(
        List.of(
            record(0, null, Map.of("id", 0)),
            new SinkRecord("t", 3, null, "key", VALUE, row(1), 1, 0L, TimestampType.CREATE_TIME)));
    assertThat(errant).hasSize(2);
    assertThat(errant.get(0)).contains("offset 0", "expected a record with a schema");
    assertThat(errant.get(1)).contains("offset 1", "field ids has no schema");
    assertThat(committed(task, 2)).isEqualTo(2);
  }

  @Test
  void deletesArePassedOverWhereAskedFor() {
    Hdf5SinkTask task = task("deletes", "skip");
    task.put(List.of(record(0, null, null)));
    assertThat(errant).isEmpty();
    assertThat(committed(task, 1)).isEqualTo(1);
  }

  @Test
  void anotherSchemaGoesIntoAnotherFile() throws Exception {
    Schema other =
        SchemaBuilder.struct()
            .field("half", VectorSchema.builder(VectorType.FLOAT16, 2).build())
            .field("flag", Schema.BOOLEAN_SCHEMA)
            .build();
    Hdf5SinkTask task = task("roll.max.rows", "2");
    task.put(List.of(record(0, VALUE, row(0))));
    Struct row = new Struct(other).put("half", new byte[] {0, 0x3C, 1, 0}).put("flag", true);
    task.put(List.of(record(1, other, row), record(2, other, row)));
    assertThat(files()).containsExactly(name(0, 0), name(1, 2));
    Map<String, String> config =
        Map.of("file.path", folder.resolve(name(1, 2)).toString(), "topic", "t");
    List<SourceRecord> read =
        new Worker(new Hdf5SourceConnector()).run(config, records -> records.size() == 2);
    // 1.0 and the smallest half, 2^-24, as float32; true as 1
    assertThat(Fixtures.lines(read))
        .containsExactly("1\t0000803f00008033\t1", "2\t0000803f00008033\t1");
  }

  @Test
  void h5pyReadsTheFiles() throws Exception {
    assumeTrue(python("import h5py").isPresent(), "needs Python with h5py");
    Hdf5SinkTask task = task("roll.max.rows", "5");
    task.put(records(0, 5));
    String script =
        """
        import sys, h5py
        f = h5py.File(sys.argv[1])
        print(sorted(f))
        for i in range(5):
            print(f['ids'][i], f['embeddings'][i].astype('<f4').tobytes().hex(),
                  f['name'].asstr()[i], f['small'][i], repr(float(f['wide'][i])), f['tiny'][i])
        """;
    List<String> expected = new ArrayList<>();
    expected.add("['embeddings', 'ids', 'name', 'small', 'tiny', 'wide']");
    for (int i = 0; i < 5; i++) {
      Struct row = row(i);
      expected.add(
          "%d %s %s %d %s [%d 1]"
              .formatted(
                  i,
                  java.util.HexFormat.of().formatHex(row.getBytes("v")),
                  row.getString("name"),
                  -i,
                  row.getFloat64("wide"),
                  i));
    }
    assertThat(python(script, folder.resolve(name(0, 4)).toString()).orElseThrow().lines())
        .containsExactlyElementsOf(expected);
  }

  /** Its reader takes the dataset train, and the dimension from its first row. */
  @Test
  void annBenchmarksReadsTheVectors() throws Exception {
    assumeTrue(python("import h5py").isPresent(), "needs Python with h5py");
    Hdf5SinkTask task = task("roll.max.rows", "5", "dataset.embeddings", "train");
    task.put(records(0, 5));
    String script =
        """
        import sys, h5py, numpy
        D = h5py.File(sys.argv[1], "r")
        dimension = int(D.attrs["dimension"]) if "dimension" in D.attrs else len(D["train"][0])
        train = numpy.array(D["train"])
        print(D.attrs.get("type", "dense"), dimension, train.shape, train.dtype,
              [int(v) for v in train[:, 0]])
        """;
    assertThat(python(script, folder.resolve(name(0, 4)).toString()).orElseThrow().strip())
        .isEqualTo("dense 3 (5, 3) float32 [0, 1, 2, 3, 4]");
  }

  private static java.util.Optional<String> python(String script, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-c", script));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    try {
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? java.util.Optional.of(out) : java.util.Optional.empty();
    } catch (IOException e) {
      return java.util.Optional.empty();
    }
  }

  @Test
  void validateTellsAboutTheFolder() {
    Map<String, String> wrong = Map.of("file.path", folder.resolve("absent").toString());
    assertThat(Fixtures.errors(new Hdf5SinkConnector().validate(wrong)))
        .containsOnlyKeys("file.path");
    assertThat(
            Fixtures.errors(
                new Hdf5SinkConnector().validate(Map.of("file.path", folder.toString()))))
        .isEmpty();
  }
}
