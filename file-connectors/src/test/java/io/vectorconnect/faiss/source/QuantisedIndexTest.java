package io.vectorconnect.faiss.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes of codes, beside what Faiss itself reconstructs of them. */
@Timeout(20)
class QuantisedIndexTest {
  private static final int ROWS = 37;

  private static Map<String, String> config(String name, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("file.path", Fixtures.file("faiss/" + name + ".faiss").toString());
    config.put("topic", "t");
    config.put("batch.max.rows", "5");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static List<SourceRecord> read(Map<String, String> config) throws Exception {
    return new Worker(new FaissSourceConnector()).run(config, records -> records.size() == ROWS);
  }

  private static void assertType(List<SourceRecord> records, VectorType type) {
    Schema vector = records.get(0).valueSchema().field("embedding").schema();
    assertThat(VectorType.of(vector)).contains(type);
    assertThat(VectorSchema.metric(vector)).contains("L2");
  }

  @ParameterizedTest
  @CsvSource({
    "sq_8bit_7, IndexScalarQuantizer",
    "sq_8bit_16, IndexScalarQuantizer",
    "sq_4bit_7, IndexScalarQuantizer",
    "sq_4bit_16, IndexScalarQuantizer",
    "sq_8bit_uniform_7, IndexScalarQuantizer",
    "sq_8bit_uniform_16, IndexScalarQuantizer",
    "sq_4bit_uniform_7, IndexScalarQuantizer",
    "sq_4bit_uniform_16, IndexScalarQuantizer",
    "sq_6bit_7, IndexScalarQuantizer",
    "sq_6bit_16, IndexScalarQuantizer",
    "idmap_sq, IndexScalarQuantizer",
    "hnswsq, IndexScalarQuantizer",
    "ivfsq_8bit, IndexIVFScalarQuantizer",
    "ivfsq_8bit_residual, IndexIVFScalarQuantizer",
    "ivfsq_6bit_residual, IndexIVFScalarQuantizer",
    "ivfsq_fp16_residual, IndexIVFScalarQuantizer",
    "pq_4, IndexPQ",
    "pq_5, IndexPQ",
    "pq_8, IndexPQ",
    "hnswpq, IndexPQ",
    "1.7.4/hnswsq, IndexScalarQuantizer",
    "1.7.4/hnswpq, IndexPQ",
    "ivfpq, IndexIVFPQ",
    "ivfpq_residual, IndexIVFPQ",
    "ivfpq_hnsw_residual, IndexIVFPQ",
  })
  void isRefusedWithoutTheKeyAndReconstructedToTheBitWithIt(String name, String kind)
      throws Exception {
    Map<String, String> errors = Fixtures.errors(new FaissSourceConnector().validate(config(name)));
    assertThat(errors).containsOnlyKeys("lossy.reconstruct");
    assertThat(errors.get("lossy.reconstruct"))
        .contains(
            name.replace("1.7.4/", "") + ".faiss",
            "it holds an " + kind + ",",
            "set lossy.reconstruct=true");
    List<SourceRecord> records = read(config(name, "lossy.reconstruct", "true"));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/" + name + ".tsv"));
    assertType(records, VectorType.FLOAT);
  }

  @ParameterizedTest
  @CsvSource({
    "sq_fp16_7, FLOAT16",
    "sq_fp16_16, FLOAT16",
    "ivfsq_fp16, FLOAT16",
    "sq_bf16_7, BFLOAT16",
    "sq_bf16_16, BFLOAT16",
    "sq_8bit_direct_signed_7, INT8",
    "sq_8bit_direct_signed_16, INT8",
    "sq_8bit_direct_7, FLOAT",
    "sq_8bit_direct_16, FLOAT",
    "refine_flat, FLOAT",
    "refine_hnsw, FLOAT",
    "1.7.4/refine_hnsw, FLOAT",
  })
  void whatHoldsItsNumbersIsReadAsTheyAreStored(String name, VectorType type) throws Exception {
    List<SourceRecord> records = read(config(name));
    assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/" + name + ".tsv"));
    assertType(records, type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pq_5", "ivfpq_residual", "ivfsq_6bit_residual", "sq_6bit_7"})
  void goesOnAtAnyRowWithoutLossOrDoubles(String name) throws Exception {
    Map<String, String> config = config(name, "lossy.reconstruct", "true");
    for (int stop = 1; stop < ROWS; stop++) {
      int first = stop;
      Worker worker = new Worker(new FaissSourceConnector());
      List<SourceRecord> records =
          new ArrayList<>(worker.run(config, read -> read.size() == first));
      records.addAll(worker.run(config, read -> read.size() == ROWS - first));
      assertThat(Fixtures.lines(records)).isEqualTo(Fixtures.expected("faiss/" + name + ".tsv"));
    }
  }

  @Test
  void reconstructedVectorsGoAsArraysToo() throws Exception {
    List<SourceRecord> records =
        read(config("pq_8", "lossy.reconstruct", "true", "vector.format", "array"));
    assertThat(records.get(0).valueSchema().field("embedding").schema().type())
        .isEqualTo(Schema.Type.ARRAY);
  }
}
