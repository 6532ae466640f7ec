package io.vectorconnect.milvus.sink.alias;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {

  @ParameterizedTest
  @CsvSource({
    "Finished, 100, 100, 0, true",
    "Finished, 100, 0, 0, false", // it has not seen yet what was flushed
    "Finished, 100, 90, 0, false",
    "InProgress, 100, 100, 0, true", // 2.3 leaves the state as it is
    "InProgress, 100, 100, 40, false",
    "Finished, 90, 100, 0, true", // segments were compacted
    "InProgress, 90, 100, 0, false",
    "Failed, 100, 100, 0, false"
  })
  void anIndexIsCompleteByItsRowsAndItsState(
      IndexState state, long indexed, long total, long pending, boolean complete) {
    IndexDescription index =
        IndexDescription.newBuilder()
            .setFieldName("v")
            .setState(state)
            .setIndexedRows(indexed)
            .setTotalRows(total)
            .setPendingIndexRows(pending)
            .build();
    assertThat(Readiness.unindexed(index, 100).isEmpty()).isEqualTo(complete);
  }
}
