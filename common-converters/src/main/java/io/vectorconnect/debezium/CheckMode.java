package io.vectorconnect.debezium;

import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens when the connector would lose or change values. */
enum CheckMode {
  /** It stops. */
  FAIL,
  /** It goes on, and the worker's log names each problem. */
  WARN;

  /** The configuration key, after the converter's name. */
  static final String KEY = "check";

  private static final Logger LOG = LoggerFactory.getLogger(CheckMode.class);

  /**
   * Reports problems.
   *
   * @throws ConnectException listing them, in mode {@link #FAIL}, unless there are none
   */
  void report(List<String> problems) {
    if (this == FAIL && !problems.isEmpty()) {
      throw new ConnectException(
          "This configuration of Debezium's PostgreSQL connector loses or changes values:\n- "
              + String.join("\n- ", problems)
              + "\nCorrect this, or set the converter's key check=warn to go on with the loss.");
    }
    problems.forEach(problem -> LOG.warn("Values are lost or changed: {}", problem));
  }
}
