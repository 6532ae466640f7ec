package io.vectorconnect.source.range;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * An offset of another range plan is stored than the one that a task follows. The task publishes
 * nothing until the connector has decided which plan counts, or the offset is replaced.
 */
public final class OtherPlanException extends ConnectException {
  private static final long serialVersionUID = 1L;

  OtherPlanException(String message) {
    super(message);
  }
}
