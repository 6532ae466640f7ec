package io.vectorconnect.transforms;

import io.vectorconnect.transforms.DocumentReader.Row;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonValue;

/** Reads MongoDB's change events. */
final class EventReader {
  /** What an event says. */
  enum Kind {
    /** A document is there, like this. */
    ROW,
    /** A document is gone. */
    DELETE,
    /** Nothing of a document. */
    NOTHING
  }

  /**
   * An event.
   *
   * @param row the row, of {@link Kind#ROW}
   * @param id the {@code _id}, of {@link Kind#DELETE}
   */
  record Event(Kind kind, Row row, BsonValue id) {}

  private final DocumentReader documents;

  EventReader(DocumentReader documents) {
    this.documents = documents;
  }

  /**
   * Reads one event, all of it.
   *
   * @throws DataException when it is none, or lacks what is needed
   */
  Event read(BsonReader in) {
    String operation = null;
    Row row = null;
    BsonValue id = null;
    boolean looked = false;
    in.readStartDocument();
    for (BsonType type = in.readBsonType();
        type != BsonType.END_OF_DOCUMENT;
        type = in.readBsonType()) {
      switch (in.readName()) {
        case "operationType" -> operation = in.readString();
        case "documentKey" -> id = id(in);
        case "fullDocument" -> {
          looked = true;
          if (type == BsonType.DOCUMENT) {
            row = documents.read(in);
          } else {
            in.skipValue();
          }
        }
        default -> in.skipValue();
      }
    }
    in.readEndDocument();
    return event(operation, row, id, looked);
  }

  private static Event event(String operation, Row row, BsonValue id, boolean looked) {
    if (operation == null) {
      throw new DataException(
          "the value is no change event; where the connector has publish.full.document.only=true, set full.document.only=true here");
    }
    return switch (operation) {
      case "insert", "update", "replace" -> {
        if (row != null) {
          yield new Event(Kind.ROW, row, id);
        }
        if (!looked) {
          throw new DataException(
              "the event of an %s does not hold the document; set the connector's change.stream.full.document=updateLookup"
                  .formatted(operation));
        }
        // Looked up and not found: the document was deleted since, and that event follows.
        yield new Event(Kind.NOTHING, null, null);
      }
      case "delete" -> {
        if (id == null) {
          throw new DataException("the event of a delete has no documentKey");
        }
        yield new Event(Kind.DELETE, null, id);
      }
      case "drop", "dropDatabase", "rename", "invalidate" ->
          throw new DataException(
              "the collection's %s cannot be followed; end this migration, or start it anew"
                  .formatted(operation));
      default -> new Event(Kind.NOTHING, null, null); // indexes, options, sharding
    };
  }

  private static BsonValue id(BsonReader in) {
    BsonValue id = null;
    in.readStartDocument();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      if (in.readName().equals("_id")) {
        id = DocumentReader.decode(in);
      } else {
        in.skipValue(); // the shard key
      }
    }
    in.readEndDocument();
    return id;
  }
}
