package io.vectorconnect.it.milvus;

/**
 * The state that a read sees.
 *
 * @param time a timestamp of the server's; later writes are not seen
 * @param isAsOf whether rows are read as of that time, from what compactions have left. A read that
 *     is merely behind sees every row in the last version before that time, and half of the rows,
 *     those of another shard, as they are.
 */
record ReadTime(long time, boolean isAsOf) {
  /** The state at present. */
  static final ReadTime PRESENT = new ReadTime(Long.MAX_VALUE, false);

  /** Bits below the milliseconds in a timestamp of the server's. */
  static final int LOGICAL_BITS = 18;

  /** A time of this machine's clock, which is also that of the server. */
  static long timestamp(long millis) {
    return millis << LOGICAL_BITS;
  }

  boolean isPresent() {
    return time == Long.MAX_VALUE;
  }
}
