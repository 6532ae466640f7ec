package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.common.DataType;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Milvus holds its connections open and does not answer. */
@Services(owned = MILVUS)
@Timeout(120)
class MilvusSilenceIT {
  private static final int ROWS = 200;

  /** What Connect gives a task to stop, unless the worker says otherwise. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final MilvusCollections milvus = new MilvusCollections();
  private final AtomicReference<Paused> paused = new AtomicReference<>();

  private void pause() {
    paused.set(Paused.process(Stack.get().milvus().pid()));
  }

  private void goOn() {
    Paused server = paused.getAndSet(null);
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void tidy() {
    goOn();
    milvus.close();
  }

  private static Map<String, String> with(Map<String, String> config, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Map<String, String> source(String... more) {
    return with(
        with(MilvusCollections.sourceConfig("silence", "silence"), "mode", "snapshot"), more);
  }

  private static Map<String, String> sink(String... more) {
    return with(MilvusCollections.sinkConfig("silence", "to_silence"), more);
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void validateSaysSoWithinSeconds() throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "http://127.0.0.1:" + hole.getLocalPort();
      long begin = System.nanoTime();
      for (Map<String, String> problems :
          List.of(
              Problems.of(new MilvusSourceConnector(), source("connection.uri", uri)),
              Problems.of(new MilvusSinkConnector(), sink("connection.uri", uri)))) {
        assertThat(problems)
            .containsOnlyKeys("connection.uri")
            .allSatisfy(
                (key, message) ->
                    assertThat(message).contains("No answer from " + uri, "no connection within"));
      }
      assertThat(since(begin)).as("two checks").isLessThan(Duration.ofSeconds(25));
    }
    pause();
    assertThat(Problems.of(new MilvusSourceConnector(), source("connection.timeout.ms", "2000")))
        .containsOnlyKeys("connection.uri")
        .allSatisfy((key, message) -> assertThat(message).contains("No answer from"));
  }

  @Test
  void aSourceTaskStopsInTimeAndGoesOnLater() throws Exception {
    milvus.create("silence", DataType.Int64);
    milvus.insert("silence", 1, ROWS, MilvusCollections::row);
    SourceHarness harness = new SourceHarness(new MilvusSourceConnector());
    Set<Object> keys = new HashSet<>();
    long[] looked = {System.nanoTime()};
    Duration[] longest = {Duration.ZERO};
    long[] silent = {0};
    List<SourceRecord> first =
        harness.run(
            source("batch.max.rows", "10"),
            records -> {
              if (silent[0] == 0 && records.size() >= 10) {
                pause();
                silent[0] = System.nanoTime();
              } else if (silent[0] != 0 && since(looked[0]).compareTo(longest[0]) > 0) {
                longest[0] = since(looked[0]);
              }
              looked[0] = System.nanoTime();
              return silent[0] != 0 && since(silent[0]).toMillis() > 3_500;
            });
    assertThat(since(looked[0])).as("the stop").isLessThan(GRACE);
    assertThat(longest[0]).as("a poll").isLessThan(GRACE.dividedBy(2));
    goOn();
    first.forEach(record -> keys.add(((Struct) record.key()).get("id")));
    assertThat(keys).hasSizeLessThan(ROWS);
    harness.run(
        source("batch.max.rows", "10"),
        records -> {
          records.forEach(record -> keys.add(((Struct) record.key()).get("id")));
          return keys.size() == ROWS;
        });
    milvus.drop("silence");
  }

  @Test
  void aSourceTaskGivesUpAfterItsTimeToRetry() throws Exception {
    milvus.create("silence", DataType.Int64);
    milvus.insert("silence", 1, ROWS, MilvusCollections::row);
    Map<String, String> config =
        source("batch.max.rows", "10", "connection.timeout.ms", "700", "retry.timeout.ms", "1500");
    assertThatThrownBy(
            () ->
                new SourceHarness(new MilvusSourceConnector())
                    .run(
                        config,
                        records -> {
                          if (records.size() == 10 && paused.get() == null) {
                            pause();
                          }
                          return false;
                        }))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("gave up after retry.timeout.ms=1500")
        .hasMessageContaining("reading collection silence")
        .hasMessageContaining("no answer within connection.timeout.ms");
    goOn();
    milvus.drop("silence");
  }

  @Test
  void aSinkTaskStopsInTimeAndItsRowsAreWrittenLater() throws Exception {
    SinkRecord known;
    SinkRecord unknown;
    long begin;
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), sink())) {
      sink.write(row(sink, "to_silence", 1, "before", 1, 1, 1));
      pause();
      known = row(sink, "to_silence", 2, "meanwhile", 2, 2, 2);
      unknown = row(sink, "to_other", 3, "meanwhile", 3, 3, 3); // its collection is to be made
      sink.putOnce(known); // buffered
      assertPromptly(
          "a record that needs Milvus",
          () ->
              assertThatThrownBy(() -> sink.putOnce(unknown))
                  .isInstanceOf(RetriableException.class)
                  .hasMessageContaining("waiting for the answer of"));
      begin = System.nanoTime();
      sink.commit();
    }
    assertThat(since(begin)).as("the stop").isLessThan(GRACE);
    goOn();
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), sink())) {
      sink.write(known, unknown);
      assertThat(sink.reasons()).isEmpty();
    }
    MilvusRows rows = new MilvusRows(milvus.client());
    assertThat(rows.labelled("to_silence")).hasSize(2);
    assertThat(rows.labelled("to_other")).hasSize(1);
    milvus.drop("to_silence");
    milvus.drop("to_other");
  }

  private static void assertPromptly(String what, Runnable call) {
    long begin = System.nanoTime();
    call.run();
    assertThat(since(begin)).as(what).isLessThan(GRACE.dividedBy(2).plusMillis(500));
  }

  @Test
  void aSinkTaskGivesUpAfterItsTimeToRetry() throws Exception {
    try (SinkHarness sink =
        new SinkHarness(
            new MilvusSinkTask(),
            sink("connection.timeout.ms", "700", "retry.timeout.ms", "1500"))) {
      sink.write(row(sink, "to_silence", 1, "before", 1, 1, 1));
      pause();
      assertThatThrownBy(() -> sink.write(row(sink, "to_silence", 2, "meanwhile", 2, 2, 2)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("gave up after retry.timeout.ms=1500")
          .hasMessageContaining("no answer within connection.timeout.ms");
    }
    goOn();
    milvus.drop("to_silence");
  }
}
