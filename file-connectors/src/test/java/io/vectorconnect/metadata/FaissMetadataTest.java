package io.vectorconnect.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.faiss.source.FaissSourceConnector;
import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of a Faiss index with fields of a side file. */
@Timeout(20)
class FaissMetadataTest {
  private static final int ROWS = 37;

  @TempDir Path folder;

  private static Map<String, String> config(Path index, String metadata, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", index.toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "5");
    config.put("metadata.file", metadata);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Path index(String name) {
    return Fixtures.file("faiss/" + name + ".faiss");
  }

  /** Fields for the first rows of an index whose ids are row numbers. */
  private Map<String, String> lines(String text, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve("m.jsonl"), text);
    return config(index("flat_l2"), file.toString(), more);
  }

  private static List<SourceRecord> read(Map<String, String> config, int rows) throws Exception {
    return new Worker(new FaissSourceConnector()).run(config, records -> records.size() == rows);
  }

  private static String problem(Map<String, String> config, String key) {
    Map<String, String> errors = Fixtures.errors(new FaissSourceConnector().validate(config));
    assertThat(errors).containsOnlyKeys(key);
    return errors.get(key);
  }

  private static Schema field(List<SourceRecord> records, String name) {
    return records.get(0).valueSchema().field(name).schema();
  }

  @Test
  void jsonLinesAreJoinedOnTheId() throws Exception {
    String metadata = Fixtures.file("faiss/idmap.jsonl").toString();
    List<SourceRecord> records = read(config(index("idmap"), metadata), ROWS);
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/idmap_json.tsv"));
    assertThat(field(records, "title")).isEqualTo(Schema.OPTIONAL_STRING_SCHEMA);
    assertThat(field(records, "price")).isEqualTo(Schema.OPTIONAL_FLOAT64_SCHEMA);
    assertThat(field(records, "count")).isEqualTo(Schema.OPTIONAL_INT64_SCHEMA);
    assertThat(field(records, "flag")).isEqualTo(Schema.OPTIONAL_BOOLEAN_SCHEMA);
    assertThat(field(records, "tags").name()).isEqualTo("io.debezium.data.Json");
  }

  @Test
  void hdf5DatasetsAreJoinedOnTheId() throws Exception {
    String metadata = Fixtures.file("faiss/idmap_metadata.h5").toString();
    List<SourceRecord> records =
        read(config(index("idmap"), metadata, "metadata.fields", "title,price,count,flag"), ROWS);
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/idmap_h5.tsv"));
    assertThat(field(records, "price")).isEqualTo(Schema.OPTIONAL_FLOAT64_SCHEMA);
    List<SourceRecord> all = read(config(index("idmap"), metadata), ROWS);
    assertThat(all.get(0).valueSchema().fields().stream().map(Field::name))
        .containsExactlyInAnyOrder("id", "embedding", "title", "price", "count", "flag");
  }

  @Test
  void goesOnAtAnyRow() throws Exception {
    String metadata = Fixtures.file("faiss/idmap.jsonl").toString();
    Map<String, String> config = config(index("idmap"), metadata);
    Worker worker = new Worker(new FaissSourceConnector());
    List<SourceRecord> records = new ArrayList<>(worker.run(config, read -> read.size() == 13));
    records.addAll(worker.run(config, read -> read.size() == ROWS - 13));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/idmap_json.tsv"));
  }

  @Test
  void aFieldHasOneTypeInTheWholeFile() throws Exception {
    String text =
        """
        {"id": 0, "n": 1, "mixed": 1, "late": null, "never": null, "big": 18446744073709551616}
        {"id": 1, "n": 2.5, "mixed": "1", "sub": {"a": [1]}}

        {"id": 2, "n": -3, "mixed": 1.50, "late": true, "big": 1}
        """;
    List<SourceRecord> records = read(lines(text, "metadata.missing", "null"), ROWS);
    assertThat(field(records, "n")).isEqualTo(Schema.OPTIONAL_FLOAT64_SCHEMA);
    assertThat(field(records, "big")).isEqualTo(Schema.OPTIONAL_FLOAT64_SCHEMA);
    assertThat(field(records, "never")).isEqualTo(Schema.OPTIONAL_STRING_SCHEMA);
    assertThat(field(records, "late")).isEqualTo(Schema.OPTIONAL_BOOLEAN_SCHEMA);
    List<List<Object>> values = new ArrayList<>();
    for (SourceRecord record : records.subList(0, 4)) {
      Struct value = (Struct) record.value();
      List<Object> row = new ArrayList<>();
      for (String name : List.of("n", "mixed", "late", "never", "big", "sub")) {
        row.add(String.valueOf(value.get(name)));
      }
      values.add(row);
    }
    assertThat(values)
        .containsExactly(
            List.of("1.0", "1", "null", "null", "1.8446744073709552E19", "null"),
            List.of("2.5", "\"1\"", "null", "null", "null", "{\"a\": [1]}"),
            List.of("-3.0", "1.50", "true", "null", "1.0", "null"),
            List.of("null", "null", "null", "null", "null", "null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\": 0}{\"id\": 1} | line 1: more than one JSON object",
        "[0] | line 1: expected a JSON object",
        "{\"id\": 0;{\"id\": 0, \"secret\" 5} | line 1: no JSON from column",
        "{\"a\": 0} | line 1: no field id; see metadata.id.field",
        "{\"id\": \"0\"} | line 1: field id: expected int64, got value_string",
        "{\"id\": 0.0} | line 1: field id: expected int64",
        "{\"id\": 99999999999999999999} | line 1: field id: expected int64",
        "{\"id\": 0};{\"id\": 1};{\"id\": 0} | line 3: the id of an earlier line once more",
        "{\"id\": 0};{\"id\": 1, \"a\": 1, \"a\": 2} | line 2: no JSON from column",
        "{\"id\": 0, \"x\": NaN} | line 1: no JSON from column",
        "{\"id\": 0, \"x\": 0.12345678901234567890123} | field x: line 1 has a number that float64 does not hold",
        "{\"id\": 0, \"x\": 9007199254740993.5} | field x: line 1 has a number that float64 does not hold",
        "{\"id\": 0, \"x\": 1e999} | does not hold",
        "{\"id\": 0, \"embedding\": 1} | has the name of the id's or the vector's",
      })
  void whatCannotBeJoinedIsTold(String text, String message) throws Exception {
    String problem = problem(lines(text.replace(';', '\n')), "metadata.file");
    assertThat(problem).contains(message).doesNotContain("secret");
  }

  @Test
  void typesAreDeclaredAndFieldsChosen() throws Exception {
    String text = "{\"id\": 0, \"a\": 0.12345678901234567890123, \"b\": 7, \"c\": 0}\n";
    List<SourceRecord> records =
        read(
            lines(
                text,
                "metadata.missing",
                "null",
                "metadata.fields",
                "b,a",
                "metadata.types",
                "a:json,b:float64"),
            1);
    Struct value = (Struct) records.get(0).value();
    assertThat(value.schema().fields().stream().map(Field::name))
        .containsExactly("id", "embedding", "b", "a");
    assertThat(value.get("a")).isEqualTo("0.12345678901234567890123");
    assertThat(value.get("b")).isEqualTo(7.0);
    assertThat(problem(lines(text, "metadata.types", "b:string"), "metadata.file"))
        .contains("m.jsonl, line 1: field b: expected string, got value_number_int");
    assertThat(problem(lines(text, "metadata.fields", "b,z"), "metadata.file"))
        .contains("no line has the field z");
    assertThat(problem(lines(text, "metadata.types", "a:json,z:json"), "metadata.file"))
        .contains("there is no field z");
  }

  @Test
  void aVectorWithoutMetadataStopsTheTaskUnlessNullsAreAskedFor() throws Exception {
    assertThatThrownBy(() -> read(lines("{\"id\": 0}\n{\"id\": 1}\n"), ROWS))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("flat_l2.faiss, row 2: its id is not in the metadata file")
        .hasMessageContaining("metadata.missing=null");
  }

  @Test
  void tooManyRowsAreTold() throws Exception {
    assertThat(
            problem(lines("{\"id\": 0}\n{\"id\": 1}\n", "metadata.max.rows", "1"), "metadata.file"))
        .contains("line 2: more than 1 rows; raise metadata.max.rows");
    assertThat(
            problem(
                config(
                    index("idmap"),
                    Fixtures.file("faiss/idmap_metadata.h5").toString(),
                    "metadata.max.rows",
                    "36"),
                "metadata.max.rows"))
        .contains("has 37 rows");
  }

  @Test
  void longLinesAndAFileChangedMeanwhileAreTold() throws Exception {
    String line = "{\"id\": 0, \"t\": \"" + "x".repeat(17 << 20) + "\"}";
    assertThat(problem(lines(line), "metadata.file")).contains("has more than 16777216 bytes");
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      all.append("{\"id\": %d, \"t\": \"%s\"}\n".formatted(i, "y".repeat(i * 700)));
    }
    Map<String, String> config = lines(all.toString());
    assertThat(((Struct) read(config, ROWS).get(36).value()).getString("t")).hasSize(36 * 700);
    assertThatThrownBy(
            () ->
                new Worker(new FaissSourceConnector())
                    .run(
                        config,
                        records -> {
                          if (records.size() == 3) {
                            write(folder.resolve("m.jsonl"), "{\"id\": 0}\n");
                          }
                          return records.size() == ROWS;
                        }))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining("m.jsonl: it was changed while it was read");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void rowNumbersOfSeveralIndexesMayNotMeetInOneMetadataFile() throws Exception {
    Files.copy(index("flat_l2"), folder.resolve("a.faiss"));
    Files.writeString(folder.resolve("a.jsonl"), "{\"id\": 0, \"x\": 1}\n");
    String shared = folder.resolve("a.jsonl").toString();
    assertThat(problem(config(folder, shared, "topic", ""), "metadata.file")).contains("${file}");
    Map<String, String> own =
        config(folder, folder + "/${file}.jsonl", "topic", "", "metadata.missing", "null");
    assertThat(Fixtures.errors(new FaissSourceConnector().validate(own))).isEmpty();
    assertThat(((Struct) read(own, 1).get(0).value()).getInt64("x")).isEqualTo(1);
  }

  @Test
  void anAbsentFileAndUnequalDatasetsAreTold() {
    String absent = folder.resolve("absent.jsonl").toString();
    assertThat(problem(config(index("idmap"), absent), "metadata.file")).contains(absent);
    assertThat(
            problem(
                config(
                    index("idmap"),
                    Fixtures.file("faiss/idmap_metadata.h5").toString(),
                    "metadata.fields",
                    "other_length"),
                "metadata.fields"))
        .contains("dataset /other_length has 38 rows, but /id has 37");
  }

  @Test
  void theIndexOfIdsHoldsEveryLong() {
    IdIndex index = new IdIndex();
    java.util.SplittableRandom random = new java.util.SplittableRandom(1);
    long[] ids = random.longs(50_000).toArray();
    for (int i = 0; i < ids.length; i++) {
      assertThat(index.add(ids[i], i)).isTrue();
    }
    assertThat(index.add(ids[7], 1)).isFalse();
    assertThat(index.add(0, 50_000)).isTrue();
    assertThat(index.size()).isEqualTo(50_001);
    for (int i = 0; i < ids.length; i++) {
      assertThat(index.position(ids[i])).isEqualTo(i);
    }
    assertThat(index.position(-1)).isEqualTo(-1);
  }
}
