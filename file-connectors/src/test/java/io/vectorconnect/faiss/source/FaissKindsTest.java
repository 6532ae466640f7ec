package io.vectorconnect.faiss.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of indexes that contain other ones, and those that are refused. */
@Timeout(60)
class FaissKindsTest {
  private static final String FOLDER = "faiss-kinds/";

  private static Map<String, String> config(Path file, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", file.toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "50");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Path file(String name) {
    return Fixtures.file(FOLDER + name + ".faiss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nsg",
        "opq_rflat",
        "pca_ivf_rflat",
        "l2norm_rflat",
        "idmap_opq_rflat",
        "imi_flat"
      })
  void exactVectorsAreRead(String name) throws Exception {
    List<String> expected = Fixtures.expected(FOLDER + name + ".tsv");
    List<SourceRecord> records =
        new Worker(new FaissSourceConnector())
            .run(config(file(name)), read -> read.size() == expected.size());
    assertThat(Fixtures.lines(records)).isEqualTo(expected);
  }

  @Test
  void residualsOfAMultiIndexAreReconstructedAsFaissDoes() throws Exception {
    List<String> expected = Fixtures.expected(FOLDER + "imi_pq.tsv");
    assertThat(Fixtures.errors(new FaissSourceConnector().validate(config(file("imi_pq")))))
        .containsOnlyKeys("lossy.reconstruct");
    List<SourceRecord> records =
        new Worker(new FaissSourceConnector())
            .run(
                config(file("imi_pq"), "lossy.reconstruct", "true"),
                read -> read.size() == expected.size());
    assertThat(Fixtures.lines(records)).isEqualTo(expected);
  }

  static List<String[]> refused() throws IOException {
    return Fixtures.cells(FOLDER + "refused.tsv");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotReadIsRefusedByName(String name, String kind) {
    Map<String, String> errors =
        Fixtures.errors(
            new FaissSourceConnector().validate(config(file(name), "lossy.reconstruct", "true")));
    assertThat(errors).containsOnlyKeys("file.path");
    assertThat(errors.get("file.path")).contains("it holds an " + kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nsg", "opq_rflat", "imi_flat"})
  void everyTruncationIsReported(String name, @TempDir Path folder) throws Exception {
    byte[] whole = Files.readAllBytes(file(name));
    Path cut = folder.resolve("cut.faiss");
    for (int length = 0; length < whole.length; length += 61) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> new FaissFormat(new FaissSourceConfig(config(cut))).open(cut))
          .as("%s cut to %d", name, length)
          .isInstanceOf(FileProblem.class)
          .hasMessageContaining("cut.faiss");
    }
  }

  @Test
  void duplicateIdsAreRefusedWhereConfigured() {
    assertThatThrownBy(
            () ->
                new Worker(new FaissSourceConnector())
                    .run(config(file("duplicate_ids"), "duplicate.ids", "fail"), read -> false))
        .isInstanceOf(FileProblem.class)
        .hasMessageContaining(
            "duplicate_ids.faiss has 3 rows whose primary key an earlier row has");
  }
}
