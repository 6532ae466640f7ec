package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OwnershipTest {
  private final AtomicLong now = new AtomicLong();
  private final Ownership ownership = new Ownership(now::get);

  private CompletableFuture<Void> writer() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            ownership.require();
          } catch (TransientWriteException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void whileTheConsumerIsHeardNobodyWaits() throws Exception {
    now.addAndGet(Ownership.LEASE.toNanos());
    ownership.require();
    ownership.heard();
    now.addAndGet(Ownership.LEASE.toNanos());
    ownership.require();
  }

  @Test
  void afterAPauseAWriterWaitsUntilTheConsumerHasPolled() throws Exception {
    now.addAndGet(Ownership.LEASE.toNanos() + 1);
    CompletableFuture<Void> writer = writer();
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(writer).isNotDone();
    ownership.heard(); // may be of records that were polled before the pause
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(writer).isNotDone();
    ownership.heard();
    writer.get();
    ownership.require();
  }
}
