package io.vectorconnect.milvus.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.milvus.sink.row.RowPlan;
import io.vectorconnect.sink.TransientWriteException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelRequestsTest {
  private static final RowPlan PLAN = RowPlan.nothing();

  private final ParallelRequests requests = new ParallelRequests(3);
  private final List<List<Object>> written = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    requests.close();
  }

  private static List<Row> rows(int count, int bytesEach) {
    return new ArrayList<>(
        LongStream.range(0, count)
            .mapToObj(key -> new Row(List.of(), PLAN, key, new Object[0], bytesEach))
            .toList());
  }

  private void take(List<Row> part) {
    written.add(part.stream().map(Row::key).toList());
    part.clear();
  }

  @Test
  void partsAreWrittenAtTheSameTimeAndHoldEveryRowOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    List<Row> pending = rows(10, 1 << 20);
    requests.write(
        pending,
        part -> {
          try {
            together.await(20, TimeUnit.SECONDS); // fails if they come one after the other
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          take(part);
        });
    assertThat(pending).isEmpty();
    assertThat(written)
        .containsExactlyInAnyOrder(
            List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L, 7L, 8L, 9L));
  }

  @Test
  void littleGoesAsOneRequestInTheSameThread() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    List<Row> pending = rows(2_000, 1_000);
    requests.write(
        pending,
        part -> {
          threads.add(Thread.currentThread());
          take(part);
        });
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(written).singleElement().satisfies(keys -> assertThat(keys).hasSize(2_000));
    requests.write(new ArrayList<>(), this::take);
    assertThat(written).hasSize(2);
  }

  @Test
  void whatIsLeftAfterAFailureIsJustWhatWasNotWritten() {
    List<Row> pending = rows(9, 1 << 20);
    assertThatThrownBy(
            () ->
                requests.write(
                    pending,
                    part -> {
                      if (part.get(0).key().equals(3L)) {
                        part.remove(0); // written before the failure
                        throw new TransientWriteException("busy", null);
                      }
                      take(part);
                    }))
        .isInstanceOf(TransientWriteException.class)
        .hasMessage("busy");
    assertThat(pending).extracting(Row::key).containsExactly(4L, 5L);
  }

  @Test
  void aFailureForGoodGoesBeforeOneThatMayPass() {
    assertThatThrownBy(
            () ->
                requests.write(
                    rows(3, 1 << 20),
                    part -> {
                      if (part.get(0).key().equals(1L)) {
                        throw new ConnectException("no such collection");
                      }
                      throw new TransientWriteException("busy", null);
                    }))
        .isInstanceOf(ConnectException.class)
        .hasMessage("no such collection");
  }
}
