package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.QueryResults;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.milvus.source.record.RecordMapper.OtherSchemaException;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.milvus.source.timestamp.TimestampField;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest schema of a collection that a task reads. When rows come with other columns, the
 * collection is described again, and the records from there on have the new schema. All readers of
 * one collection in one task share it; they run in one thread.
 */
public final class CurrentSchema {
  private static final Logger log = LoggerFactory.getLogger(CurrentSchema.class);

  private final MilvusClient client;
  private final MilvusSourceConfig config;
  private RecordMapper mapper;

  /**
   * The schema of a collection as it was described.
   *
   * @throws ConnectException when a field's type is not supported
   */
  public CurrentSchema(MilvusClient client, Collection collection, MilvusSourceConfig config) {
    this.client = client;
    this.config = config;
    this.mapper = new RecordMapper(collection, config);
  }

  /** The mapper of the newest schema. */
  public RecordMapper mapper() {
    return mapper;
  }

  /** The collection by its newest schema. */
  public Collection collection() {
    return mapper.collection();
  }

  /**
   * The rows of a page, in its order.
   *
   * @throws MilvusException a transient one, when the page does not fit the schema that the server
   *     describes; it is to be read again
   * @throws ConnectException when a field of the new schema cannot be read
   */
  public List<MappedRow> map(QueryResults page, String partition) {
    try {
      return mapper.map(page, partition);
    } catch (OtherSchemaException e) {
      refresh();
    }
    try {
      return mapper.map(page, partition);
    } catch (OtherSchemaException e) {
      // The page is older than the description, or the description is: each proxy has a cache.
      ReadableFields.require(client, collection(), config);
      throw inconsistent("a page", e);
    }
  }

  /**
   * The columns of rows of the log. They may be older than the schema, or newer than the
   * description that the server gives.
   *
   * @param partition where they are from, for the field that wants it
   * @param time Milvus's time of the change
   * @throws MilvusException a transient one, when the server describes an older schema
   * @throws ConnectException when a field of the new schema cannot be read
   */
  public RecordMapper.Columns logged(List<FieldData> fields, String partition, long time) {
    try {
      return mapper.logged(fields, partition, isAsNewAs(time));
    } catch (OtherSchemaException e) {
      refresh();
    }
    try {
      return mapper.logged(fields, partition, isAsNewAs(time));
    } catch (OtherSchemaException e) {
      throw inconsistent("a message of its log", e);
    }
  }

  /** Whether the schema is as of this time or later, so that what it does not have was dropped. */
  private boolean isAsNewAs(long time) {
    return Long.compareUnsigned(collection().changed(), time) >= 0;
  }

  private void refresh() {
    Collection before = collection();
    Collection now = Collection.describe(client, before.name());
    if (now.id() != before.id()) {
      throw RangeReader.createdAgain(before);
    }
    mapper = new RecordMapper(now, config);
    if (config.readsTimestamps()) {
      TimestampField.of(now, config);
    }
    if (!names(now).equals(names(before))) {
      log.info("Collection {}: its fields are now {}", now.name(), names(now));
    }
  }

  private static List<String> names(Collection collection) {
    return collection.fields().stream().map(FieldSchema::getName).toList();
  }

  private MilvusException inconsistent(String what, OtherSchemaException e) {
    return new MilvusException(
        MilvusException.Kind.BUSY,
        "the schema of collection %s changes: %s does not fit the schema that Milvus describes, %s"
            .formatted(collection().name(), what, e.getMessage()),
        e);
  }
}
