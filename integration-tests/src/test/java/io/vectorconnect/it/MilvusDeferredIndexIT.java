package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.tombstone;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.request.ListIndexesReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Created collections that are indexed and loaded when their first scan is written. */
@Services(alone = MILVUS)
@Timeout(120)
class MilvusDeferredIndexIT {
  /** Longer than a busy machine may take from one write to the next. */
  private static final int LONG_IDLE_MS = 4_000;

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows target = new MilvusRows(milvus.client());
  private String topic;

  @BeforeEach
  void name() {
    topic = "deferred_" + System.nanoTime();
  }

  @AfterEach
  void drop() {
    milvus.drop(topic);
    milvus.close();
  }

  private SinkHarness sink(String... more) {
    Map<String, String> config = MilvusCollections.sinkConfig("it-" + topic, topic);
    config.put("index.build", "after_snapshot");
    config.put("index.idle.ms", "1000");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  private boolean loaded() {
    return milvus.client().getLoadState(GetLoadStateReq.builder().collectionName(topic).build());
  }

  private List<String> indexes() {
    return milvus.client().listIndexes(ListIndexesReq.builder().collectionName(topic).build());
  }

  private SinkRecord change(SinkHarness sink, long id, String label, float... vector) {
    SinkRecord record = row(sink, topic, id, label, vector);
    SnapshotMarker.FALSE.addTo(record.headers());
    return record;
  }

  /** As Connect does while a topic is idle. */
  private void idleUntilLoaded(SinkHarness sink) throws Exception {
    Await.until(
        topic + " to be loaded",
        () -> {
          sink.put();
          return loaded();
        });
  }

  @Test
  void theFirstScanIsWrittenThenIndexedAndLoaded() throws Exception {
    try (SinkHarness sink = sink("index.idle.ms", Integer.toString(LONG_IDLE_MS))) {
      sink.write(row(sink, topic, 1, "a", 1, 1, 1), row(sink, topic, 2, "b", 2, 2, 2));
      sink.write(row(sink, topic, 3, "c", 3, 3, 3));
      assertThat(indexes()).isEmpty();
      assertThat(loaded()).isFalse();
      // Changes do not keep the scan going.
      sink.write(tombstone(sink, topic, 2));
      long end = System.nanoTime() + LONG_IDLE_MS * 4_000_000L;
      while (!loaded() && System.nanoTime() < end) {
        sink.write(change(sink, 3, "changed", 4, 4, 4));
        Thread.sleep(100);
      }
      idleUntilLoaded(sink);
      DescribeIndexResp.IndexDesc index =
          milvus
              .client()
              .describeIndex(
                  DescribeIndexReq.builder().collectionName(topic).fieldName("v").build())
              .getIndexDescByFieldName("v");
      assertThat(index.getIndexType()).hasToString("HNSW");
      assertThat(index.getExtraParams().toString()).contains("16").contains("256");
      sink.write(row(sink, topic, 4, "later", 5, 5, 5));
      assertThat(sink.reasons()).isEmpty();
    }
    milvus.awaitLoaded(topic);
    assertThat(target.labelled(topic))
        .containsExactly(
            "1|a|[1.0, 1.0, 1.0]", "3|changed|[4.0, 4.0, 4.0]", "4|later|[5.0, 5.0, 5.0]");
  }

  @Test
  void aRestartedTaskFinishesWithoutAnyRecord() throws Exception {
    try (SinkHarness sink = sink("index.idle.ms", "60000")) {
      sink.write(row(sink, topic, 1, "a", 1, 1, 1));
      assertThat(loaded()).isFalse();
    }
    try (SinkHarness restarted = sink()) {
      idleUntilLoaded(restarted);
    }
    milvus.awaitLoaded(topic);
    assertThat(target.labelled(topic)).containsExactly("1|a|[1.0, 1.0, 1.0]");
  }

  @Test
  void aTaskWithoutRecordsWaitsForTheOthers() throws Exception {
    String[] config = {"index.idle.ms", Integer.toString(LONG_IDLE_MS)};
    try (SinkHarness busy = sink(config);
        SinkHarness idle = sink(config)) {
      busy.write(row(busy, topic, 1, "a", 1, 1, 1));
      long end = System.nanoTime() + LONG_IDLE_MS * 1_300_000L;
      for (long id = 2; System.nanoTime() < end; id++) {
        busy.write(row(busy, topic, id, "b", 1, 1, 1));
        idle.put();
        Thread.sleep(50);
      }
      assertThat(indexes()).isEmpty();
      idleUntilLoaded(idle);
    }
  }

  @Test
  void aChangeThatDoesNotTellAllIsReadFromALoadedCollection() throws Exception {
    try (SinkHarness sink = sink("index.idle.ms", "60000")) {
      sink.write(row(sink, topic, 1, "a", 1, 1, 1));
      Struct part =
          new Struct(SinkRecords.VALUE)
              .put("id", 1L)
              .put("label", "b")
              .put("v", UnavailableValue.bytes());
      sink.write(sink.record(topic, KEY, key(1), SinkRecords.VALUE, part));
      assertThat(sink.reasons()).isEmpty();
      assertThat(loaded()).isTrue();
    }
    assertThat(target.labelled(topic)).containsExactly("1|b|[1.0, 1.0, 1.0]");
  }

  @Test
  void anIndexThatTheServerRefusesIsToldAndTheRowsStay() throws Exception {
    try (SinkHarness sink = sink("index.params", "M=1000000,efConstruction=256")) {
      sink.write(row(sink, topic, 1, "a", 1, 1, 1));
      assertThatThrownBy(() -> idleUntilLoaded(sink))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("collection " + topic)
          .hasMessageContaining("correct index.type or index.params");
    }
    try (SinkHarness corrected = sink()) {
      idleUntilLoaded(corrected);
    }
    milvus.awaitLoaded(topic);
    assertThat(target.labelled(topic)).containsExactly("1|a|[1.0, 1.0, 1.0]");
  }
}
