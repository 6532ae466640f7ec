package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private long now;
  private final RefusalLog log = new RefusalLog(() -> now);

  @Test
  void theFirstRecordOfEachKindIsLoggedAndTheOthersAreCounted() {
    assertThat(log.add("t", "expected dimension 3, got 2", "offset 1: got 2")).contains("offset 1");
    assertThat(log.add("t", "expected dimension 3, got 7", "offset 2: got 7")).isEmpty();
    assertThat(log.add("t", "expected text", "offset 3: text")).contains("offset 3");
    assertThat(log.add("u", "expected text", "offset 4: text")).contains("offset 4");
    assertThat(log.add("u", "expected text", "offset 5: text")).isEmpty();
    now += Duration.ofSeconds(10).toNanos();
    assertThat(log.add("u", "expected text", "offset 6: text")).startsWith("3 more errant records");
    assertThat(log.rest()).isEmpty();
    assertThat(log.add("u", "expected text", "offset 7: text")).isEmpty();
    assertThat(log.rest()).startsWith("1 more errant records");
  }
}
