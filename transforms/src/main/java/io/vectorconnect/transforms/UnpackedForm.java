package io.vectorconnect.transforms;

import io.vectorconnect.data.PackedVector;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** A form of vectors outside of this project, which holds them exactly. */
interface UnpackedForm {
  /** A new builder of its schema. */
  SchemaBuilder builder();

  /**
   * A vector in this form.
   *
   * @param schema the schema of what is returned, as {@link #builder} began it
   * @throws org.apache.kafka.connect.errors.DataException when the form cannot hold it
   */
  Object of(PackedVector vector, Schema schema);
}
