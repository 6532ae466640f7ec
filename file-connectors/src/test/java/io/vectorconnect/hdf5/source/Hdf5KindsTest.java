package io.vectorconnect.hdf5.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every kind that h5py writes: each is read as h5py reads it, or refused by name. */
@Timeout(60)
class Hdf5KindsTest {
  private static final String FOLDER = "hdf5-kinds/";

  private static Map<String, String> config(String name, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", Fixtures.file(FOLDER + name + ".h5").toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "7");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static List<SourceRecord> read(Map<String, String> config, int rows) throws Exception {
    return new Worker(new Hdf5SourceConnector()).run(config, records -> records.size() == rows);
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.file(FOLDER))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".tsv") && !name.equals("refused.tsv"))
          .map(name -> name.substring(0, name.length() - 4))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAsH5pyReadsIt(String name) throws Exception {
    List<String> expected = Fixtures.expected(FOLDER + name + ".tsv");
    List<SourceRecord> records = read(config(name), expected.size());
    assertThat(records.get(0).valueSchema().fields().stream().map(Field::name))
        .containsExactly(
            Files.readAllLines(Fixtures.file(FOLDER + name + ".tsv")).get(0).split("\t"));
    assertThat(Fixtures.lines(records)).isEqualTo(expected);
  }

  static List<String[]> refused() throws IOException {
    return Fixtures.cells(FOLDER + "refused.tsv");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedByName(String name, String key, String reason) {
    Map<String, String> errors = Fixtures.errors(new Hdf5SourceConnector().validate(config(name)));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(name + ".h5").contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "refused_compound, dataset.fields.exclude, extra",
    "refused_sequence, dataset.fields.exclude, /extra",
    "virtual_beside, dataset.fields.exclude, *",
    "outside_beside, dataset.fields.exclude, extra",
    "links_earliest, dataset.fields, real/other",
  })
  void whatIsNotWantedIsNotInTheWay(String name, String key, String value) throws Exception {
    List<SourceRecord> records = read(config(name, key, value), 23);
    assertThat(records.get(0).valueSchema().field("extra")).isNull();
    assertThat(records.get(0).valueSchema().fields()).hasSize(key.equals("dataset.fields") ? 3 : 2);
  }

  @Test
  void aChunkThatUnpacksToMoreThanItSaysIsRefusedBeforeItTakesMemory() {
    assertThatThrownBy(() -> read(config("bomb"), 256))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("bomb.h5, dataset /embeddings, rows 0 to 6")
        .hasMessageContaining("unpacks to more than the 65536 bytes");
  }

  @Test
  void aLargerChunkThanConfiguredIsRefusedAtValidate() {
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(config("huge_chunk"))))
        .hasEntrySatisfying(
            "dataset.embeddings",
            error ->
                assertThat(error)
                    .contains("chunks of 33554432 rows take 8589934592 bytes")
                    .contains("chunk.max.bytes is 268435456"));
    Map<String, String> larger = config("bomb", "chunk.max.bytes", "65535");
    assertThat(Fixtures.errors(new Hdf5SourceConnector().validate(larger)))
        .containsOnlyKeys("dataset.embeddings");
  }
}
