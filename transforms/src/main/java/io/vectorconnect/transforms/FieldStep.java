package io.vectorconnect.transforms;

import org.apache.kafka.connect.data.Schema;

/** What becomes of the values of a field, or of a whole row. */
interface FieldStep {
  /** The schema of what they become. */
  Schema schema();

  /**
   * What a value, not null, becomes.
   *
   * @throws org.apache.kafka.connect.errors.DataException telling what was expected and what came
   */
  Object apply(Object value);
}
