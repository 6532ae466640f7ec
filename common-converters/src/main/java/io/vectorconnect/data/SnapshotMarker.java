package io.vectorconnect.data;

import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
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

  /** Adds the header. */
  public void addTo(Headers headers) {
    headers.add(HEADER, name().toLowerCase(Locale.ROOT), Schema.STRING_SCHEMA);
  }
}
