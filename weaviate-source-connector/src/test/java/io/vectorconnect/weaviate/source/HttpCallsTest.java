package io.vectorconnect.weaviate.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class HttpCallsTest {
  @Test
  void retryAfterIsSecondsOrADateOrNothing() {
    assertThat(HttpCalls.retryAfter(" 90 ")).isEqualTo(Duration.ofSeconds(90));
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    assertThat(HttpCalls.retryAfter(date))
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    assertThat(HttpCalls.retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
    assertThat(HttpCalls.retryAfter("soon")).isZero();
    assertThat(HttpCalls.retryAfter("")).isZero();
  }
}
