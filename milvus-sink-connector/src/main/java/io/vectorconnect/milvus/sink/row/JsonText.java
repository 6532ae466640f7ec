package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.data.Json;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;

/** JSON documents as Milvus takes them: UTF-8, and known to be JSON before they are sent. */
final class JsonText {
  private JsonText() {}

  /** The encoder of a JSON field: text is a document, anything else is written as one. */
  static CellEncoder encoder(Schema schema) {
    return value -> {
      String document = Json.document(schema, value);
      Json.checkOfDoubles(document);
      return utf8(document);
    };
  }

  static byte[] utf8(String text) {
    ScalarCells.utf8Length(text); // refuses half characters
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
