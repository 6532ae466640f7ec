package io.vectorconnect.source;

import java.time.Duration;

/** Of an exception: when the store wants to be asked again. */
public interface RetryAfter {
  /** The pause that the store asked for; zero when it said nothing. */
  Duration retryAfter();
}
