package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Milvus is killed while the sink writes. */
@Services(owned = MILVUS)
@Timeout(240)
class MilvusSinkRestartIT {
  private static SinkHarness sink() {
    Map<String, String> config = MilvusCollections.sinkConfig("it", "restart");
    config.put("batch.max.rows", "500");
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  @Test
  void aRestartOfTheDatabaseInMidLoadLosesNothing() throws Exception {
    int rows = 20_000;
    MilvusCollections milvus = new MilvusCollections();
    MilvusRows target = new MilvusRows(milvus.client());
    CompletableFuture<Void> restart = CompletableFuture.completedFuture(null);
    try (SinkHarness sink = sink()) {
      for (int i = 0; i < rows; i += 100) {
        List<SinkRecord> records = new ArrayList<>();
        for (int j = i; j < i + 100; j++) {
          records.add(row(sink, "restart", j, "row " + j, j, j + 1, j + 2));
        }
        sink.put(records);
        if (i == 6_000) {
          restart = CompletableFuture.runAsync(MilvusSinkRestartIT::restartMilvus);
        }
      }
      restart.join();
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
    Await.until("the collection is loaded again", () -> target.count("restart") >= 0);
    assertThat(target.count("restart")).isEqualTo(rows);
    Map<Long, Map<String, Object>> found = target.byId("restart", rows);
    assertThat(found).hasSize(rows);
    found.forEach(
        (id, row) ->
            assertThat(row)
                .containsEntry("label", "row " + id)
                .containsEntry("v", List.of((float) id, (float) id + 1, (float) id + 2)));
    milvus.close();
  }

  private static void restartMilvus() {
    Stack.get().milvus().kill();
    try {
      Thread.sleep(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Stack.get().milvus().start();
  }
}
