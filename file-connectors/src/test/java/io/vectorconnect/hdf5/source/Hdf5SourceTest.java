package io.vectorconnect.hdf5.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class Hdf5SourceTest {
  private static final int ROWS = 23;

  private static Map<String, String> config(Path path, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", path.toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "6");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Map<String, String> fixture(String name, String... more) {
    return config(Fixtures.file("hdf5/" + name + ".h5"), more);
  }

  private static List<SourceRecord> read(Map<String, String> config) throws Exception {
    return new Worker(new Hdf5SourceConnector()).run(config, records -> records.size() == ROWS);
  }

  private static Schema vectorSchema(List<SourceRecord> records) {
    return records.get(0).valueSchema().field("embeddings").schema();
  }

  @ParameterizedTest
  @CsvSource({
    "f16, FLOAT16",
    "f32, FLOAT",
    "f32_big_endian, FLOAT",
    "int8, INT8",
  })
  void readsVectorsToTheBitInEveryLayout(String name, VectorType type) throws Exception {
    for (String layout : List.of("contiguous", "chunked", "gzip")) {
      String file = name + "_" + layout;
      List<SourceRecord> records = read(fixture(file));
      assertThat(Fixtures.lines(records))
          .as(file)
          .isEqualTo(Fixtures.expected("hdf5/" + file + ".tsv"));
      assertThat(VectorType.of(vectorSchema(records))).contains(type);
      assertThat(VectorSchema.dimension(vectorSchema(records))).hasValue(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f64_exact", "unwritten_chunks", "v110_userblock"})
  void readsWhatIsExact(String file) throws Exception {
    assertThat(Fixtures.lines(read(fixture(file))))
        .isEqualTo(Fixtures.expected("hdf5/" + file + ".tsv"));
  }

  @Test
  void float64IsRoundedOnlyWhereAskedFor() throws Exception {
    assertThat(
            Fixtures.lines(
                read(fixture("f64_inexact", "vector.lossy.casts", "float64_to_float32"))))
        .isEqualTo(Fixtures.expected("hdf5/f64_inexact.tsv"));
    assertThatThrownBy(() -> read(fixture("f64_inexact")))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("f64_inexact.h5, dataset /embeddings, row 17: element 3")
        .hasMessageContaining("vector.lossy.casts=float64_to_float32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan_f16", "nan_f32", "nan_f64"})
  void aNanIsToldWithItsRowUnlessItMayPass(String file) throws Exception {
    assertThatThrownBy(() -> read(fixture(file)))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining(file + ".h5, dataset /embeddings, row 17: element 3 is NaN")
        .hasMessageContaining("set vector.nan=pass");
    assertThat(Fixtures.lines(read(fixture(file, "vector.nan", "pass"))))
        .isEqualTo(Fixtures.expected("hdf5/" + file + ".tsv"));
  }

  @Test
  void readsBits() throws Exception {
    List<SourceRecord> records = read(fixture("bits", "vector.bits", "true"));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("hdf5/bits.tsv"));
    assertThat(VectorType.of(vectorSchema(records))).contains(VectorType.BINARY);
    assertThat(VectorSchema.dimension(vectorSchema(records))).hasValue(24);
  }

  @Test
  void readsEveryTypeOfField() throws Exception {
    String names = Files.readAllLines(Fixtures.file("hdf5/fields.tsv")).get(0);
    List<String> fields = new ArrayList<>(List.of(names.split("\t", -1)));
    String wanted = String.join(",", fields.subList(2, fields.size()));
    List<SourceRecord> records = read(fixture("fields", "dataset.fields", wanted));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("hdf5/fields.tsv"));
    assertThat(records.get(3).key())
        .isEqualTo(new Struct(records.get(3).keySchema()).put("ids", "key-3"));
  }

  @Test
  void takesAllDatasetsOfTheSameLengthWhereNoneAreNamed() throws Exception {
    List<SourceRecord> records = read(fixture("fields"));
    List<String> names =
        records.get(0).valueSchema().fields().stream().map(field -> field.name()).toList();
    assertThat(names)
        .startsWith("ids", "embeddings")
        .contains("fixed_text", "var_text", "flag", "uint64", "half")
        .doesNotContain("other_length", "matrix")
        .hasSize(17);
  }

  @Test
  void readsFloatVectorsAsArrays() throws Exception {
    List<SourceRecord> records =
        read(fixture("f32_gzip", "vector.format", "array", "special.floats", "pass"));
    assertThat(((Struct) records.get(0).value()).getArray("embeddings"))
        .startsWith(0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  @Test
  void numbersThatJsonConverterChangesAreRefusedUnlessTheyMayPass() throws Exception {
    assertThatThrownBy(() -> read(fixture("f32_gzip", "vector.format", "array")))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("f32_gzip.h5, row 0, field embeddings: element 1: negative zero")
        .hasMessageContaining("special.floats=pass");
    assertThat(read(fixture("f32_gzip"))).hasSize(ROWS); // packed
  }

  @Test
  void readsDatasetsInGroupsAndNamesFieldsByTheirLastPart() throws Exception {
    List<SourceRecord> records =
        read(fixture("nested", "dataset.embeddings", "train/vec", "dataset.ids", "/train/pk"));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("hdf5/nested.tsv"));
    assertThat(records.get(0).keySchema().field("pk").schema()).isEqualTo(Schema.INT64_SCHEMA);
  }

  @Test
  void everyRecordSaysThatItIsOfTheSnapshotAndWhereItStands() throws Exception {
    List<SourceRecord> records = read(fixture("f32_gzip"));
    for (int i = 0; i < ROWS; i++) {
      SourceRecord record = records.get(i);
      assertThat(SnapshotMarker.of(record)).isEqualTo(SnapshotMarker.TRUE);
      assertThat(record.sourceOffset()).isEqualTo(Map.of("row", (long) i));
      assertThat(record.topic()).isEqualTo("t");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16_contiguous", "f32_chunked", "int8_gzip"})
  void goesOnAtAnyRowWithoutLossOrDoubles(String file) throws Exception {
    List<String> expected = Fixtures.expected("hdf5/" + file + ".tsv");
    for (int stop = 1; stop < ROWS; stop++) {
      int first = stop;
      Worker worker = new Worker(new Hdf5SourceConnector());
      List<SourceRecord> records =
          new ArrayList<>(worker.run(fixture(file), read -> read.size() == first));
      records.addAll(worker.run(fixture(file), read -> read.size() == ROWS - first));
      assertThat(Fixtures.lines(records)).isEqualTo(expected);
    }
  }

  @Test
  void filesWhoseNamesWouldGiveOneTopicAreRefused(@TempDir Path folder) throws Exception {
    copy("f64_exact", folder.resolve("items.h5"));
    copy("nan_f32", folder.resolve("items.hdf5"));
    Map<String, String> config = config(folder, "topic", "", "topic.prefix", "p-");
    Map<String, String> errors = Fixtures.errors(new Hdf5SourceConnector().validate(config));
    assertThat(errors).containsOnlyKeys("topic");
    assertThat(errors.get("topic")).contains("items.h5", "items.hdf5", "topic p-items");
    assertThatThrownBy(() -> new Worker(new Hdf5SourceConnector()).run(config, read -> false))
        .hasMessageContaining("would both go into topic p-items");
  }

  @Test
  void aSecondFileForATopicStopsTheTaskThatFollows(@TempDir Path folder) throws Exception {
    copy("f64_exact", folder.resolve("items.h5"));
    Map<String, String> config =
        config(folder, "topic", "", "mode", "follow", "poll.interval.ms", "50");
    assertThatThrownBy(
            () ->
                new Worker(new Hdf5SourceConnector())
                    .run(
                        config,
                        read -> {
                          if (read.size() == ROWS) {
                            copy("f64_exact", folder.resolve("items.hdf5"));
                          }
                          return false;
                        }))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("would both go into topic items");
  }

  @Test
  void namesThatATopicCannotHaveStayDistinct(@TempDir Path folder) throws Exception {
    for (String name : List.of("a b", "a_b", "中文", "日本")) {
      copy("f64_exact", folder.resolve(name + ".h5"));
    }
    Worker worker = new Worker(new Hdf5SourceConnector());
    Map<String, String> config = config(folder, "topic", "");
    List<SourceRecord> records = worker.run(config, read -> read.size() == 4 * ROWS);
    assertThat(records.stream().map(SourceRecord::topic).distinct())
        .containsExactlyInAnyOrder("a_20b", "a_b", "_E4_B8_AD_E6_96_87", "_E6_97_A5_E6_9C_AC");
    assertThat(worker.run(config, read -> true)).isEmpty();
  }

  @Test
  void aFileThatAnEarlierReleasePublishedToAnotherTopicIsRefused(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("a b.h5");
    copy("f64_exact", file);
    Worker worker = new Worker(new Hdf5SourceConnector());
    worker.setOffset(Map.of("file", file.toString()), Map.of("row", 4L));
    assertThatThrownBy(() -> worker.run(config(folder, "topic", ""), read -> false))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("5 rows of it are in topic a_b, but its topic is now a_20b");
  }

  @ParameterizedTest
  @CsvSource({"topic, bad name", "topic, ..", "topic.prefix, p/"})
  void namesThatAreNoTopicsAreReported(String key, String value) {
    Map<String, String> config = fixture("f64_exact", "topic", "", key, value);
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(config)))
        .containsOnlyKeys("topic");
  }

  @Test
  void duplicateKeysAreRefusedBeforeTheFirstRowWhereConfigured(@TempDir Path folder)
      throws Exception {
    Path file = Files.copy(Fixtures.file("hdf5-kinds/duplicate_ids.h5"), folder.resolve("d.h5"));
    List<SourceRecord> published = new ArrayList<>();
    assertThatThrownBy(
            () ->
                new Worker(new Hdf5SourceConnector())
                    .run(
                        config(file, "duplicate.ids", "fail"),
                        read -> {
                          published.addAll(read);
                          return false;
                        }))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("d.h5 has 11 rows whose primary key an earlier row has")
        .hasMessageContaining("the first is row 12");
    assertThat(published).isEmpty();
    assertThat(read(config(file))).hasSize(ROWS);
    assertThat(read(config(file, "duplicate.ids", "ignore"))).hasSize(ROWS);
    assertThat(read(fixture("f32_gzip", "duplicate.ids", "fail"))).hasSize(ROWS);
  }

  @Test
  void severalFilesAreSharedAmongTasksAndTopicsNamedAfterThem(@TempDir Path folder)
      throws Exception {
    for (String name : List.of("f32_gzip", "f32_chunked", "f16_gzip", "int8_gzip")) {
      Files.copy(Fixtures.file("hdf5/" + name + ".h5"), folder.resolve(name + ".hdf5"));
    }
    Files.writeString(folder.resolve("notes.txt"), "no HDF5");
    Files.writeString(folder.resolve(".half.h5"), "still being written");
    Worker worker = new Worker(new Hdf5SourceConnector());
    Map<String, String> config =
        config(folder, "tasks.max", "3", "topic", "", "topic.prefix", "p.");
    List<SourceRecord> records = worker.run(config, read -> read.size() == 4 * ROWS);
    assertThat(records.stream().map(SourceRecord::topic).distinct())
        .containsExactlyInAnyOrder("p.f32_gzip", "p.f32_chunked", "p.f16_gzip", "p.int8_gzip");
    assertThat(worker.filesByTask).hasSize(3).noneMatch(java.util.Collection::isEmpty);
    assertThat(worker.run(config, read -> true)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "short_ids, dataset.ids, 'short_ids.h5, dataset /ids has 22 rows, but /embeddings has 23'",
    "rank, dataset.embeddings, 'dataset /embeddings has 1 dimensions, expected 2'",
    "float_ids, dataset.ids, 'dataset /ids: expected whole numbers or strings'",
    "compound, dataset.fields, 'dataset /pair: its type, compound, is not supported'",
    "int32_vectors, dataset.embeddings, 'not supported; expected float16'",
    "bits, dataset.embeddings, 'set vector.bits=true'",
    "nested, dataset.embeddings, 'has no dataset embeddings; it has [train]'",
  })
  void validateTellsWhatIsWrongOnItsKey(String file, String key, String message) {
    Map<String, String> errors = Fixtures.errors(new Hdf5SourceConnector().validate(fixture(file)));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "file.path, /no/such/file.h5, There is no file or folder /no/such/file.h5",
    "dataset.ids, absent, has no dataset absent",
    "dataset.fields, absent, has no dataset absent",
    "vector.lossy.casts, anything, float64_to_float32",
    "mode, sometimes, follow",
    "batch.max.bytes, 1, at least",
  })
  void validateTellsAboutKeys(String key, String value, String message) {
    Map<String, String> errors =
        Fixtures.errors(new Hdf5SourceConnector().validate(fixture("f32_gzip", key, value)));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(message);
  }

  @Test
  void rightConfigurationsAndEmptyFilesPass() throws Exception {
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(fixture("fields")))).isEmpty();
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(fixture("empty")))).isEmpty();
    assertThat(new Worker(new Hdf5SourceConnector()).run(fixture("empty"), read -> true)).isEmpty();
  }

  @Test
  void rowNumbersOfSeveralFilesMayNotMeetInOneTopic(@TempDir Path folder) throws Exception {
    Files.copy(Fixtures.file("hdf5/f64_exact.h5"), folder.resolve("a.h5"));
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(config(folder))))
        .containsOnlyKeys("dataset.ids");
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(config(folder, "topic", ""))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "uint64_above, 'dataset /n, row 9: a uint64 above'",
    "latin1, 'dataset /s, row 5: a string that is not UTF-8'",
  })
  void whatNoRecordCanHoldIsToldWithItsRow(String file, String message) {
    assertThatThrownBy(() -> read(fixture(file)))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining(file + ".h5, " + message);
  }

  @Test
  void everyTruncationIsToldAndNothingElseComesOut(@TempDir Path folder) throws Exception {
    for (String name : List.of("f32_contiguous", "int8_gzip", "fields")) {
      byte[] whole = Files.readAllBytes(Fixtures.file("hdf5/" + name + ".h5"));
      for (int length = 0; length < whole.length; length += 97) {
        Path cut = folder.resolve("cut.h5");
        Files.write(cut, java.util.Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> read(config(cut)))
            .as("%s cut to %d", name, length)
            .isInstanceOf(FileProblem.class)
            .hasMessageContaining("cut.h5");
      }
    }
  }

  @Test
  void aRowCountThatTheFileCannotHoldIsToldBeforeAnythingIsRead(@TempDir Path folder)
      throws Exception {
    for (String name : List.of("f32_contiguous", "f32_chunked")) {
      byte[] bytes = Files.readAllBytes(Fixtures.file("hdf5/" + name + ".h5"));
      java.nio.ByteBuffer buffer =
          java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      int changed = 0;
      for (int at = 0; at < bytes.length - 16; at += 8) { // the extents of the 2-d dataset
        if (buffer.getLong(at) == ROWS && buffer.getLong(at + 8) == 5) {
          buffer.putLong(at, 1L << 30);
          changed++;
        }
      }
      assertThat(changed).isPositive();
      Path file = Files.write(folder.resolve("many.h5"), bytes);
      assertThat(
              Fixtures.errors(new Hdf5SourceConnector().validate(config(file, "dataset.ids", ""))))
          .hasEntrySatisfying(
              "dataset.embeddings",
              error ->
                  assertThat(error)
                      .contains("many.h5, dataset /embeddings: its 1073741824 rows of 20 bytes"));
    }
  }

  @Test
  void aDamagedChunkIsToldWithItsRows(@TempDir Path folder) throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.file("hdf5/f32_gzip.h5"));
    int at = bytes.length - 1;
    while (bytes[at] == 0) {
      at--;
    }
    for (int i = at - 150; i <= at; i++) {
      bytes[i] ^= 0x5A;
    }
    Path damaged = Files.write(folder.resolve("damaged.h5"), bytes);
    assertThatThrownBy(() -> read(config(damaged)))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("damaged.h5, dataset /")
        .hasMessageContaining("rows ");
  }

  @Test
  void followReadsNewFilesAndNewRowsAndSaysThatTheyAreNoSnapshot(@TempDir Path folder)
      throws Exception {
    Path first = folder.resolve("a.h5");
    Files.copy(Fixtures.file("hdf5/f32_gzip.h5"), first);
    Map<String, String> config =
        config(folder, "mode", "follow", "poll.interval.ms", "50", "tasks.max", "2");
    List<SourceRecord> records =
        new Worker(new Hdf5SourceConnector())
            .run(
                config,
                read -> {
                  Path second = folder.resolve("b.h5");
                  if (read.size() == ROWS && !Files.exists(second)) {
                    copy("f32_chunked", second);
                  }
                  return read.size() == 2 * ROWS;
                });
    assertThat(SnapshotMarker.of(records.get(0))).isEqualTo(SnapshotMarker.TRUE);
    assertThat(SnapshotMarker.of(records.get(ROWS))).isEqualTo(SnapshotMarker.FALSE);
  }

  @Test
  void followReadsRowsThatAreAppended(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("a.h5");
    copy("growing_short", file);
    List<String> expected = Fixtures.expected("hdf5/growing_long.tsv");
    AtomicBoolean appended = new AtomicBoolean();
    List<SourceRecord> records =
        new Worker(new Hdf5SourceConnector())
            .run(
                config(file, "mode", "follow", "poll.interval.ms", "50"),
                read -> {
                  if (read.size() == 10 && !appended.getAndSet(true)) {
                    copy("growing_long", file);
                  }
                  return read.size() == expected.size();
                });
    assertThat(Fixtures.lines(records)).isEqualTo(expected);
    assertThat(SnapshotMarker.of(records.get(9))).isEqualTo(SnapshotMarker.TRUE);
    assertThat(SnapshotMarker.of(records.get(10))).isEqualTo(SnapshotMarker.FALSE);
  }

  private static void copy(String name, Path target) {
    try {
      Path fresh = target.resolveSibling(".fresh");
      Files.copy(Fixtures.file("hdf5/" + name + ".h5"), fresh);
      Files.setLastModifiedTime(
          fresh, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis()));
      Files.move(fresh, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatShrankIsNotTheSameFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("a.h5");
    copy("growing_long", file);
    Worker worker = new Worker(new Hdf5SourceConnector());
    worker.run(config(file), read -> read.size() == 20);
    copy("growing_short", file);
    assertThatThrownBy(() -> worker.run(config(file), read -> false))
        .hasMessageContaining("has 10 rows, but 20 of it are published already");
  }
}
