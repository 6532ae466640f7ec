package io.vectorconnect.sink;

import java.util.Optional;

/**
 * Where a partition goes on, as the target holds it.
 *
 * @param next the next offset to be written
 * @param proof a record before it, by which the topic is known to be the same; empty where none was
 *     stored
 */
public record Position(long next, Optional<RecordProof> proof) {
  /** A position that nothing proves. */
  public static Position unproven(long next) {
    return new Position(next, Optional.empty());
  }
}
