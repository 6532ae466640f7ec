package io.vectorconnect.data;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;

/** Tells a sink whether a record belongs to the initial scan. */
public enum SnapshotMarker {
  /** Read by the initial scan. */
  TRUE,
  /** The last record of the initial scan. */
  LAST,
  /** Read after the initial scan. */
  FALSE;

  /** The header's name. */
  public static final String HEADER = "vectorconnect.snapshot";

  /**
   * What a record says of itself: by this header, or inside Debezium's envelope. A record that says
   * nothing is taken for one of the scan.
   */
  public static SnapshotMarker of(ConnectRecord<?> record) {
    Header header = record.headers().lastWithName(HEADER);
    if (header != null) {
      return of(header.value());
    }
    if (record.value() instanceof Struct envelope
        && envelope.schema().field("source") != null
        && envelope.get("source") instanceof Struct source
        && source.schema().field("snapshot") != null) {
      return of(source.get("snapshot"));
    }
    if (record.value() instanceof Map<?, ?> envelope
        && envelope.get("source") instanceof Map<?, ?> source) {
      return of(source.get("snapshot"));
    }
    return TRUE;
  }

  private static SnapshotMarker of(Object value) {
    return switch (String.valueOf(value)) {
      case "false" -> FALSE;
      case "last" -> LAST;
      default -> TRUE;
    };
  }

  /** Adds the header. */
  public void addTo(Headers headers) {
    headers.add(HEADER, name().toLowerCase(Locale.ROOT), Schema.STRING_SCHEMA);
  }
}
