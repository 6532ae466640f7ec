package io.vectorconnect.benchmarks;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.SplittableRandom;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** The rows that are moved: a bigint key from 0, a text, an int, and a vector; always the same. */
final class VectorRows {
  static final String KEY = "id";
  static final String LABEL = "label";
  static final String YEAR = "year";
  static final String EMBEDDING = "embedding";

  static final Schema KEY_SCHEMA =
      SchemaBuilder.struct().name("benchmark.Key").field(KEY, Schema.INT64_SCHEMA).build();

  private final int dimension;
  private final Schema valueSchema;

  VectorRows(int dimension) {
    this.dimension = dimension;
    this.valueSchema =
        SchemaBuilder.struct()
            .name("benchmark.Value")
            .field(KEY, Schema.INT64_SCHEMA)
            .field(LABEL, Schema.OPTIONAL_STRING_SCHEMA)
            .field(YEAR, Schema.OPTIONAL_INT32_SCHEMA)
            .field(EMBEDDING, VectorSchema.builder(VectorType.FLOAT, dimension).optional().build())
            .build();
  }

  Schema valueSchema() {
    return valueSchema;
  }

  /** A row by its key. */
  Row row(long id) {
    SplittableRandom random = new SplittableRandom(id);
    byte[] packed = new byte[dimension * Float.BYTES];
    for (int i = 0; i < dimension; i++) {
      LittleEndian.putFloat(packed, i * Float.BYTES, (float) (random.nextDouble() * 2 - 1));
    }
    return new Row(id, "document %08d".formatted(id), 1970 + (int) (id % 60), packed);
  }

  /** One row. */
  record Row(long id, String label, int year, byte[] embedding) {
    Struct key() {
      return new Struct(KEY_SCHEMA).put(KEY, id);
    }

    Struct value(Schema schema) {
      return new Struct(schema)
          .put(KEY, id)
          .put(LABEL, label)
          .put(YEAR, year)
          .put(EMBEDDING, embedding);
    }
  }
}
