package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReaderLoopTest {
  private static final List<SourceRecord> PAGE =
      List.of(new SourceRecord(Map.of(), Map.of(), "topic", null, null));

  /** Gives a page each time, or waits within a call until it is told to go on. */
  private static class Reader implements RecordReader {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public long idleNanos() {
      return 0;
    }

    @Override
    public List<SourceRecord> next() {
      reads.incrementAndGet();
      return PAGE;
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  private static class SlowReader extends Reader {
    final CountDownLatch began = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public List<SourceRecord> next() {
      began.countDown();
      try {
        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      assertThat(closes).hasValue(0);
      return super.next();
    }
  }

  private static ReaderLoop loop(Reader... readers) {
    ConfigDef keys =
        new ConfigDef()
            .define(
                SourceKeys.POLL_INTERVAL_MS,
                ConfigDef.Type.LONG,
                50L,
                ConfigDef.Importance.LOW,
                "Pause.");
    AbstractConfig config = new AbstractConfig(keys, Map.of());
    return new ReaderLoop(
        List.of(readers), new SourceKeys(config, "table"), e -> ReaderLoop.Failure.OTHER);
  }

  @Test
  void takesTurnsAndClosesAllOnce() throws InterruptedException {
    Reader one = new Reader();
    Reader two = new Reader();
    ReaderLoop loop = loop(one, two);
    for (int i = 0; i < 4; i++) {
      assertThat(loop.poll()).isSameAs(PAGE);
    }
    assertThat(one.reads).hasValue(2);
    assertThat(two.reads).hasValue(2);
    loop.stop();
    assertThat(loop.poll()).as("after the end").isNull();
    loop.stop();
    assertThat(one.reads).hasValue(2);
    assertThat(one.closes).hasValue(1);
    assertThat(two.closes).hasValue(1);
  }

  @Test
  void whereAllIsDoneAPollWaitsForThePollIntervalAndNoLonger() throws InterruptedException {
    Reader done =
        new Reader() {
          @Override
          public boolean isDone() {
            return true;
          }
        };
    ReaderLoop loop = loop(done);
    long begin = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      assertThat(loop.poll()).isNull();
    }
    assertThat(System.nanoTime() - begin).isBetween(150_000_000L, 2_000_000_000L);
    assertThat(done.reads).hasValue(0);
  }

  @Test
  @Timeout(30)
  void aReaderAtWorkIsClosedWhenItIsDone() throws Exception {
    SlowReader slow = new SlowReader();
    ReaderLoop loop = loop(slow);
    assertThat(loop.poll()).isNull();
    assertThat(slow.began.getCount()).isZero();
    CompletableFuture<Void> stop = CompletableFuture.runAsync(loop::stop);
    slow.goOn.countDown();
    stop.get();
    assertThat(slow.closes).hasValue(1);
  }

  @Test
  @Timeout(30)
  void aPollReturnsAndTheLoopEndsThoughTheStoreDoesNotAnswer() throws Exception {
    SlowReader slow = new SlowReader();
    ReaderLoop loop = loop(slow);
    long begin = System.nanoTime();
    for (int i = 0; i < 2; i++) {
      assertThat(loop.poll()).isNull();
    }
    assertThat(slow.began.getCount()).as("asked once, and waited for").isZero();
    loop.stop();
    assertThat(System.nanoTime() - begin).as("within Connect's 5 s").isLessThan(5_000_000_000L);
    assertThat(loop.poll()).isNull();
    slow.goOn.countDown();
    while (slow.closes.get() == 0) {
      Thread.sleep(10);
    }
    assertThat(slow.reads).hasValue(1);
  }

  @Test
  void anAnswerThatCameLateIsReturnedByTheNextPoll() throws Exception {
    SlowReader slow = new SlowReader();
    ReaderLoop loop = loop(slow);
    assertThat(loop.poll()).isNull();
    slow.goOn.countDown();
    assertThat(loop.poll()).isSameAs(PAGE);
    loop.stop();
  }

  @Test
  @Timeout(30)
  void aFailureAtTheEndClosesToo() throws Exception {
    Reader failing =
        new SlowReader() {
          @Override
          public List<SourceRecord> next() {
            super.next();
            throw new IllegalStateException("the connection is closed");
          }
        };
    ReaderLoop loop = loop(failing);
    assertThat(loop.poll()).isNull();
    CompletableFuture<Void> stop = CompletableFuture.runAsync(loop::stop);
    ((SlowReader) failing).goOn.countDown();
    stop.get();
    assertThat(failing.closes).hasValue(1);
  }

  @Test
  void aFailureIsTheCallersThoughAnotherThreadReads() {
    Reader failing =
        new Reader() {
          @Override
          public List<SourceRecord> next() {
            throw new IllegalStateException("a defect");
          }
        };
    ReaderLoop loop = loop(failing);
    assertThatThrownBy(loop::poll).isInstanceOf(IllegalStateException.class);
    loop.stop();
    assertThat(failing.closes).hasValue(1);
  }

  private static final class BusyException extends RuntimeException implements RetryAfter {
    private static final long serialVersionUID = 1L;
    private final Duration pause;

    BusyException(Duration pause) {
      super("busy");
      this.pause = pause;
    }

    @Override
    public Duration retryAfter() {
      return pause;
    }
  }

  private static ReaderLoop busy(Supplier<List<Reader>> opening, long backoff, long timeout) {
    ConfigDef def =
        new ConfigDef()
            .define(SourceKeys.RETRY_BACKOFF_MS, ConfigDef.Type.LONG, backoff, null, "")
            .define(SourceKeys.RETRY_TIMEOUT_MS, ConfigDef.Type.LONG, timeout, null, "");
    return new ReaderLoop(
        opening,
        new SourceKeys(new AbstractConfig(def, Map.of()), "table"),
        e -> ReaderLoop.Failure.TRANSIENT);
  }

  private static long millisOfFailedPoll(ReaderLoop loop) {
    long start = System.nanoTime();
    assertThatThrownBy(loop::poll).isInstanceOf(RetriableException.class);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void pausesDoubleUntilTheStoreAnswersEvenBeforeThereAreReaders() throws InterruptedException {
    AtomicInteger openings = new AtomicInteger();
    Reader reader = new Reader();
    ReaderLoop loop =
        busy(
            () -> {
              if (openings.incrementAndGet() < 4) {
                throw new BusyException(Duration.ZERO);
              }
              return List.of(reader);
            },
            100,
            60_000);
    assertThat(millisOfFailedPoll(loop)).isGreaterThanOrEqualTo(99);
    assertThat(millisOfFailedPoll(loop)).isGreaterThanOrEqualTo(199);
    assertThat(millisOfFailedPoll(loop)).isGreaterThanOrEqualTo(399);
    assertThat(loop.poll()).isSameAs(PAGE);
    assertThat(loop.poll()).isSameAs(PAGE);
    assertThat(openings).hasValue(4);
    loop.stop();
    assertThat(reader.closes).hasValue(1);
  }

  @Test
  void waitsAsTheStoreAsksButNotBeyondTheTimeout() {
    ReaderLoop patient =
        busy(
            () -> {
              throw new BusyException(Duration.ofMillis(300));
            },
            1,
            60_000);
    assertThat(millisOfFailedPoll(patient)).isGreaterThanOrEqualTo(299);
    ReaderLoop hurried =
        busy(
            () -> {
              throw new BusyException(Duration.ofHours(1));
            },
            1,
            200);
    assertThat(millisOfFailedPoll(hurried)).isBetween(150L, 30_000L);
    assertThatThrownBy(hurried::poll)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class)
        .hasMessageContaining("retry.timeout.ms=200");
  }

  private static final class Unanswered extends Reader {
    @Override
    public List<SourceRecord> next() {
      super.next();
      throw new IllegalStateException("no answer about tenant b");
    }
  }

  private static ReaderLoop retrying(Map<String, String> timeouts, Reader... readers) {
    AbstractConfig config =
        new AbstractConfig(
            new ConfigDef()
                .define(SourceKeys.RETRY_TIMEOUT_MS, ConfigDef.Type.LONG, 0L, null, "")
                .define(SourceKeys.RETRY_BACKOFF_MS, ConfigDef.Type.LONG, 1L, null, ""),
            timeouts);
    return new ReaderLoop(
        List.of(readers), new SourceKeys(config, "table"), e -> ReaderLoop.Failure.TRANSIENT);
  }

  @Test
  @Timeout(60)
  void aReaderThatKeepsFailingEndsTheTaskThoughAnotherWorks() throws InterruptedException {
    Reader good = new Reader();
    Reader bad = new Unanswered();
    ReaderLoop loop = retrying(Map.of(SourceKeys.RETRY_TIMEOUT_MS, "100"), bad, good);
    long start = System.nanoTime();
    ConnectException end = null;
    while (end == null) {
      try {
        assertThat(loop.poll()).isSameAs(PAGE);
      } catch (RetriableException e) {
        // polled again
      } catch (ConnectException e) {
        end = e;
      }
    }
    assertThat(end).hasMessageContaining("retry.timeout.ms=100").hasMessageContaining("tenant b");
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(good.reads).hasPositiveValue();
    assertThat(bad.reads).hasValueGreaterThan(2);
  }

  @Test
  @Timeout(60)
  void aReaderWhoseTurnsAreFarApartIsTriedSeveralTimes() throws InterruptedException {
    Reader bad = new Unanswered();
    Reader good = new Reader();
    ReaderLoop loop = retrying(Map.of(), bad, good); // each pause is longer than the time to retry
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(loop::poll).isInstanceOf(RetriableException.class);
      assertThat(loop.poll()).isSameAs(PAGE);
    }
    assertThatThrownBy(loop::poll)
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class);
    assertThat(bad.reads).hasValue(3);
  }
}
