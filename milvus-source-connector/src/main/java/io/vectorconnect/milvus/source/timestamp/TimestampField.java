package io.vectorconnect.milvus.source.timestamp;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Filter;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.config.TimestampKeys;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The field that tells when a row was written. Only the order of its values counts, not their unit.
 *
 * @param name an Int64 field's
 * @param overlap how far behind the greatest timestamp of the collection a row may still be written
 */
public record TimestampField(String name, long overlap) {
  /**
   * What a configuration says, for one collection.
   *
   * @throws ConnectException when it says too little, or the collection has no such field
   */
  public static TimestampField of(Collection collection, MilvusSourceConfig config) {
    TimestampField field = new TimestampField(config.timestampField(), config.timestampOverlap());
    if (field.name.isEmpty() || field.overlap < 0) {
      throw new ConnectException(
          "poll.strategy=timestamp_field needs %s and %s"
              .formatted(TimestampKeys.FIELD, TimestampKeys.OVERLAP));
    }
    FieldSchema schema =
        collection.fields().stream()
            .filter(each -> each.getName().equals(field.name))
            .findFirst()
            .orElseThrow(() -> unfit(collection, field.name, "is not there"));
    if (schema.getDataType() != DataType.Int64) {
      throw unfit(collection, field.name, "is of type " + schema.getDataType());
    }
    if (schema.getNullable()) {
      throw unfit(collection, field.name, "may be null, and such rows would not be seen");
    }
    if (!Filter.canName(field.name)) {
      throw unfit(collection, field.name, "has the name of a keyword in Milvus's filter language");
    }
    return field;
  }

  private static ConnectException unfit(Collection collection, String field, String why) {
    return new ConnectException(
        "field %s of collection %s %s; %s must name an Int64 field of each collection"
            .formatted(field, collection.name(), why, TimestampKeys.FIELD));
  }

  /** When a row was written. */
  long time(MappedRow row) {
    return row.value().getInt64(name);
  }

  /** The earliest time of rows that may still come when rows of this one are there. */
  public long latest(long time) {
    return time < Long.MIN_VALUE + overlap ? Long.MIN_VALUE : time - overlap;
  }

  /** The filter for rows of a time in between, both ends included. */
  String between(long from, long to) {
    String upTo = KeyType.INT64.upTo(name, Long.toString(to));
    return from == Long.MIN_VALUE
        ? upTo
        : Filter.and(KeyType.INT64.above(name, Long.toString(from - 1)).orElseThrow(), upTo);
  }
}
