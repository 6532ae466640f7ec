package io.vectorconnect.sink;

/** What an arriving row does to a row with the same key. */
public enum InsertMode {
  /** It replaces it, so that records may arrive again. */
  UPSERT,
  /** It is appended. */
  INSERT
}
