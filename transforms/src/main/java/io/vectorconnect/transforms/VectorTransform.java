package io.vectorconnect.transforms;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.sink.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the form of vectors in records' values: in flat structs, and in {@code before} and {@code
 * after} of Debezium's envelopes. All else of a record stays, and a record without such a vector is
 * handed back as it came. What becomes of a schema is found out once.
 */
abstract sealed class VectorTransform<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned permits PackVectors, UnpackVectors {
  private static final Logger log = LoggerFactory.getLogger(VectorTransform.class);
  private static final int MAX_SCHEMAS = 256;
  private static final List<String> ROWS = List.of("before", "after");

  private final Cache<Schema, Optional<FieldStep>> steps =
      new SynchronizedCache<>(new LRUCache<>(MAX_SCHEMAS));

  // Neighbours are alike: comparing identities spares the deep hash of the schema.
  private Schema lastSchema;
  private Optional<FieldStep> lastStep = Optional.empty();

  /**
   * What becomes of a row's field, or empty where it stays.
   *
   * @throws DataException when that cannot be told
   */
  abstract Optional<FieldStep> step(Field field);

  /** The fields that the configuration names. */
  abstract Set<String> named();

  /** What is wrong with a named field in a record without schema, and what to do. */
  abstract String withoutSchema();

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /**
   * The record with its vectors in the other form.
   *
   * @throws DataException telling where the record came from, and what is wrong with it
   */
  @Override
  public R apply(R record) {
    if (record.value() == null) {
      return record;
    }
    try {
      return changed(record);
    } catch (DataException e) {
      throw new DataException(RecordPlace.of(record) + ": " + e.getMessage(), e);
    }
  }

  private R changed(R record) {
    if (record.value() instanceof Struct value) {
      Optional<FieldStep> found = find(value.schema(), record.topic());
      if (found.isEmpty()) {
        return record;
      }
      FieldStep step = found.get();
      return record.newRecord(
          record.topic(),
          record.kafkaPartition(),
          record.keySchema(),
          record.key(),
          step.schema(),
          step.apply(value),
          record.timestamp());
    }
    if (record.value() instanceof Map<?, ?> map) {
      requireNoneNamed(map);
      return record;
    }
    throw new DataException(
        "expected a struct or a JSON object as the record's value, got a %s; set value.converter to the one that the record was written by"
            .formatted(record.value().getClass().getSimpleName()));
  }

  private Optional<FieldStep> find(Schema schema, String topic) {
    if (schema != lastSchema) {
      Optional<FieldStep> step = steps.get(schema);
      if (step == null) {
        step = plan(schema);
        steps.put(schema, step);
        Set<String> absent = absent(schema);
        if (!absent.isEmpty()) {
          log.info(
              "Records of topic {} have no fields {}, which vector.fields names", topic, absent);
        }
      }
      lastSchema = schema;
      lastStep = step;
    }
    return lastStep;
  }

  private Optional<FieldStep> plan(Schema schema) {
    return Change.isEnvelope(schema)
        ? StructStep.of(schema, "", this::rowInside)
        : StructStep.of(schema, "", this::step);
  }

  /** The named fields that no row of this schema has: other topics' fields, or misspelt ones. */
  final Set<String> absent(Schema schema) {
    Set<String> absent = new TreeSet<>(named());
    if (Change.isEnvelope(schema)) {
      schema.fields().stream()
          .filter(VectorTransform::isRow)
          .forEach(part -> part.schema().fields().forEach(field -> absent.remove(field.name())));
    } else {
      schema.fields().forEach(field -> absent.remove(field.name()));
    }
    return absent;
  }

  private static boolean isRow(Field part) {
    return ROWS.contains(part.name()) && part.schema().type() == Schema.Type.STRUCT;
  }

  private Optional<FieldStep> rowInside(Field part) {
    return isRow(part)
        ? StructStep.of(part.schema(), part.name() + ".", this::step)
        : Optional.empty();
  }

  private void requireNoneNamed(Map<?, ?> value) {
    List<Map<?, ?>> rows = new ArrayList<>();
    if (Change.isEnvelope(value)) {
      ROWS.forEach(
          name -> {
            if (value.get(name) instanceof Map<?, ?> row) {
              rows.add(row);
            }
          });
    } else {
      rows.add(value);
    }
    for (Map<?, ?> row : rows) {
      for (String field : named()) {
        if (row.get(field) != null) {
          throw new DataException("field " + field + ": " + withoutSchema());
        }
      }
    }
  }

  @Override
  public void close() {
    // holds nothing
  }
}
