package io.vectorconnect.sink;

/** Where the primary key comes from. */
public enum PkMode {
  /** The record's key. */
  RECORD_KEY,
  /** Fields of the record's value. */
  RECORD_VALUE,
  /** There is none, or the database makes it. */
  NONE
}
