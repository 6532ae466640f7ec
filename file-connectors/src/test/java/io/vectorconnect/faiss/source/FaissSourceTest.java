package io.vectorconnect.faiss.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
class FaissSourceTest {
  private static final int ROWS = 37;

  private static Map<String, String> config(Path path, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", path.toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "5");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Map<String, String> fixture(String name, String... more) {
    return config(Fixtures.file("faiss/" + name + ".faiss"), more);
  }

  private static List<SourceRecord> read(Map<String, String> config) throws Exception {
    return new Worker(new FaissSourceConnector()).run(config, records -> records.size() == ROWS);
  }

  @ParameterizedTest
  @CsvSource({
    "flat_l2, L2",
    "flat_ip, IP",
    "flat_l1, L1",
    "idmap, IP",
    "idmap2, IP",
    "ivf, L2",
    "ivf_sparse, L2",
    "ivf_direct_map, L2",
    "idmap_ivf, L2",
    "hnsw, L2",
    "idmap_hnsw, IP",
    "binary_flat, HAMMING",
    "binary_idmap, HAMMING",
    "binary_ivf, HAMMING",
    "binary_hnsw, HAMMING",
    // of the older release, where today's writes other bytes
    "1.7.4/hnsw, L2",
    "1.7.4/idmap_hnsw, IP",
    "1.7.4/binary_idmap, HAMMING",
    "1.7.4/binary_hnsw, HAMMING",
  })
  void readsIdsAndVectorsToTheBit(String name, String metric) throws Exception {
    List<SourceRecord> records = read(fixture(name));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/" + name + ".tsv"));
    Schema vector = records.get(0).valueSchema().field("embedding").schema();
    boolean binary = name.contains("binary");
    assertThat(VectorType.of(vector)).contains(binary ? VectorType.BINARY : VectorType.FLOAT);
    assertThat(VectorSchema.dimension(vector)).hasValue(binary ? 16 : 6);
    assertThat(VectorSchema.metric(vector)).contains(metric);
    for (SourceRecord record : records) {
      assertThat(((Struct) record.key()).get("id")).isEqualTo(((Struct) record.value()).get("id"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat_l2", "ivf", "ivf_sparse", "idmap_ivf", "binary_ivf"})
  void goesOnAtAnyRowWithoutLossOrDoubles(String name) throws Exception {
    for (int stop = 1; stop < ROWS; stop++) {
      int first = stop;
      Worker worker = new Worker(new FaissSourceConnector());
      List<SourceRecord> records =
          new ArrayList<>(worker.run(fixture(name), read -> read.size() == first));
      records.addAll(worker.run(fixture(name), read -> read.size() == ROWS - first));
      assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/" + name + ".tsv"));
    }
  }

  @Test
  void fieldsAndFormatAreConfigured() throws Exception {
    List<SourceRecord> records =
        read(
            fixture(
                "idmap",
                "id.field",
                "pk",
                "vector.field",
                "v",
                "vector.format",
                "array",
                "special.floats",
                "pass"));
    Struct value = (Struct) records.get(0).value();
    assertThat(value.getArray("v")).startsWith(0f, -0f, Float.MIN_VALUE, (float) 1.5e10);
    assertThat(value.schema().fields()).extracting("name").containsExactly("pk", "v");
  }

  @Test
  void aFileThatIsNotThereShowsInTheConnectorsState() {
    Map<String, String> config = new HashMap<>(fixture("empty"));
    config.merge("file.path", ".gone", String::concat);
    config.put("retry.timeout.ms", "0");
    Worker worker = new Worker(new FaissSourceConnector());
    assertThatThrownBy(() -> worker.run(config, read -> true))
        .hasMessageContaining("There is no file or folder");
    assertThat(worker.raised)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("There is no file or folder"));
  }

  @Test
  void anEmptyIndexIsRight() throws Exception {
    assertThat(Fixtures.errors(new FaissSourceConnector().validate(fixture("empty")))).isEmpty();
    assertThat(new Worker(new FaissSourceConnector()).run(fixture("empty"), read -> true))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pretransform, IndexPreTransform",
    "pqfs, IndexPQFastScan",
    "ivfpqr, IndexIVFPQR",
    "lsh, IndexLSH",
    "residual, IndexResidualQuantizer",
  })
  void whatIsNotReadIsRefusedByName(String file, String name) {
    Map<String, String> errors =
        Fixtures.errors(
            new FaissSourceConnector()
                .validate(fixture("refused_" + file, "lossy.reconstruct", "true")));
    assertThat(errors).containsOnlyKeys("file.path");
    assertThat(errors.get("file.path")).contains("it holds an " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flat_l2", "idmap", "ivf", "ivf_sparse", "hnsw", "binary_ivf", "binary_flat"})
  void everyTruncationAndEveryAddedByteIsTold(String name, @TempDir Path folder) throws Exception {
    byte[] whole = Files.readAllBytes(Fixtures.file("faiss/" + name + ".faiss"));
    Path file = folder.resolve("cut.faiss");
    for (int length = 0; length <= whole.length + 1; length++) {
      if (length != whole.length) {
        Files.write(file, java.util.Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> new FaissFormat(new FaissSourceConfig(config(file))).open(file))
            .as("%s of %d bytes cut to %d", name, whole.length, length)
            .isInstanceOf(FileProblem.class)
            .hasMessageContaining("cut.faiss");
      }
    }
  }

  @Test
  void rowNumbersOfSeveralFilesMayNotMeetInOneTopic(@TempDir Path folder) throws Exception {
    Files.copy(Fixtures.file("faiss/hnsw.faiss"), folder.resolve("a.faiss"));
    assertThat(Fixtures.errors(new FaissSourceConnector().validate(config(folder))))
        .containsOnlyKeys("file.path");
    assertThat(Fixtures.errors(new FaissSourceConnector().validate(config(folder, "topic", ""))))
        .isEmpty();
  }
}
