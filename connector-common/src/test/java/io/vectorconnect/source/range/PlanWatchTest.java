package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlanWatchTest {
  private final Semaphore requests = new Semaphore(0);
  private final AtomicInteger looks = new AtomicInteger();

  private PlanWatch watch(boolean isOutdated) {
    return new PlanWatch(
        () -> {
          looks.incrementAndGet();
          return isOutdated;
        },
        requests::release,
        Duration.ofMillis(2));
  }

  @Test
  void anotherPlanIsReportedOnceUntilTheConnectorHasDecided() throws Exception {
    try (PlanWatch watch = watch(true)) {
      Thread.sleep(20);
      assertThat(looks).as("before the first decision").hasValue(0);
      watch.decided();
      assertThat(requests.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
      assertThat(requests.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
      watch.decided();
      assertThat(requests.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void nothingIsRequestedWhileThePlansAreRight() throws Exception {
    try (PlanWatch watch = watch(false)) {
      watch.decided();
      while (looks.get() < 3) {
        Thread.sleep(1);
      }
      assertThat(requests.availablePermits()).isZero();
    }
  }

  @Test
  void aLookThatFailsIsMadeAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    try (PlanWatch watch =
        new PlanWatch(
            () -> {
              if (failures.incrementAndGet() < 3) {
                throw new IllegalStateException("no broker");
              }
              return true;
            },
            requests::release,
            Duration.ofMillis(1))) {
      watch.decided();
      assertThat(requests.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).hasValue(3);
    }
  }
}
