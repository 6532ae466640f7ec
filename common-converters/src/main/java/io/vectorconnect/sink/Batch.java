package io.vectorconnect.sink;

/** Encoded rows on their way to the database. */
public interface Batch {
  /** The number of rows. */
  int rows();

  /** The size of the encoded rows. */
  long bytes();
}
