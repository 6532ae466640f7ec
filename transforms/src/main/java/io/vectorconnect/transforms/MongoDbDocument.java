package io.vectorconnect.transforms;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.transforms.DocumentReader.Row;
import io.vectorconnect.transforms.MongoDbConfig.Missing;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.bson.BSONException;
import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;
import org.bson.json.JsonReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes vector records of what MongoDB's own Kafka connector publishes: its change events, or its
 * documents, as BSON bytes or as extended JSON text.
 *
 * <p>Inserts, updates and replacements become rows, deletes become tombstones; the key is the
 * document's {@code _id}. Works behind the source connector, or before a sink, where Connect then
 * puts refused records into the sink's dead-letter queue.
 */
public final class MongoDbDocument<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {
  private static final Logger log = LoggerFactory.getLogger(MongoDbDocument.class);

  private DocumentReader documents;
  private EventReader events;
  private boolean fullDocumentOnly;
  private Missing vectorMissing;
  private long skipped;

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public ConfigDef config() {
    return MongoDbConfig.DEF;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    MongoDbConfig config = new MongoDbConfig(properties);
    documents = new DocumentReader(config);
    events = new EventReader(documents);
    fullDocumentOnly = config.fullDocumentOnly();
    vectorMissing = config.vectorMissing();
  }

  /**
   * The vector record, or null where there is none to publish.
   *
   * @throws DataException telling where the record came from, and what is wrong with it
   */
  @Override
  public R apply(R record) {
    try {
      return fullDocumentOnly ? ofDocument(record) : ofEvent(record);
    } catch (DataException e) {
      throw new DataException(RecordPlace.of(record) + ": " + e.getMessage(), e);
    } catch (BSONException | JsonParseException | IllegalArgumentException e) {
      // The parser's message may quote the text.
      throw new DataException(
          RecordPlace.of(record) + ": the value is no whole BSON or JSON document");
    }
  }

  private R ofDocument(R record) {
    if (record.value() == null) {
      return tombstone(record);
    }
    try (BsonReader in = reader(record.value())) {
      return row(record, documents.read(in));
    }
  }

  private R ofEvent(R record) {
    if (record.value() == null) {
      return tombstone(record);
    }
    try (BsonReader in = reader(record.value())) {
      EventReader.Event event = events.read(in);
      return switch (event.kind()) {
        case ROW -> row(record, event.row());
        case DELETE -> marked(record, documents.key(event.id()), null);
        case NOTHING -> null;
      };
    }
  }

  private R row(R record, Row row) {
    if (row.missing() != null && vectorMissing != Missing.NULL) {
      if (vectorMissing == Missing.FAIL) {
        throw new DataException(
            "column %s: the document has no vector there; set vector.missing to skip such documents, or to null"
                .formatted(row.missing()));
      }
      skip();
      return null;
    }
    return marked(record, row.key(), row.value());
  }

  private void skip() {
    skipped++;
    if (Long.bitCount(skipped) == 1) { // 1, 2, 4, 8 …
      log.warn("Skipped {} documents without a vector so far", skipped);
    }
  }

  private R tombstone(R record) {
    if (record.key() == null) {
      throw new DataException("a record without value and without key");
    }
    try (BsonReader in = reader(record.key())) {
      return marked(record, documents.key(documentKey(in)), null);
    }
  }

  private static BsonValue documentKey(BsonReader in) {
    BsonValue id = null;
    in.readStartDocument();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      if (in.readName().equals("_id")) {
        id = DocumentReader.decode(in);
      } else {
        in.skipValue();
      }
    }
    if (id == null || (id.isDocument() && id.asDocument().containsKey("_data"))) {
      throw new DataException(
          "the key of a delete is not the document's key; let the connector publish it (change.stream.document.key.as.key=true), or publish change events");
    }
    return id;
  }

  private R marked(R record, Struct key, Struct value) {
    Headers headers = record.headers();
    if (record instanceof SourceRecord source) {
      headers = headers.duplicate();
      boolean copying =
          source.sourceOffset() != null && "true".equals(source.sourceOffset().get("copy"));
      (copying ? SnapshotMarker.TRUE : SnapshotMarker.FALSE).addTo(headers);
    }
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        key.schema(),
        key,
        value == null ? null : value.schema(),
        value,
        record.timestamp(),
        headers);
  }

  private static BsonReader reader(Object document) {
    if (document instanceof String text) {
      return new JsonReader(text);
    }
    if (document instanceof byte[] bytes) {
      return new BsonBinaryReader(ByteBuffer.wrap(bytes));
    }
    if (document instanceof ByteBuffer buffer) {
      return new BsonBinaryReader(buffer.duplicate());
    }
    throw new DataException(
        "expected a BSON document in bytes, or one in JSON text, got a %s; set the connector's output.format.value to bson or json"
            .formatted(document.getClass().getSimpleName()));
  }

  @Override
  public void close() {
    if (skipped > 0) {
      log.warn("Skipped {} documents without a vector in all", skipped);
    }
  }
}
