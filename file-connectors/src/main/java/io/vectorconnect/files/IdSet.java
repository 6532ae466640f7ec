package io.vectorconnect.files;

/** A set of numbers of 128 bits in arrays. */
final class IdSet {
  /** So many keys in 64 MiB, where half of the places are free. */
  static final int MOST = 1 << 20;

  private long[] low;
  private long[] high;
  private boolean[] used;
  private int size;

  IdSet(long places) {
    int length = Integer.highestOneBit((int) Math.min(1 << 29, Math.max(16, places * 2 - 1)));
    low = new long[length];
    high = new long[length];
    used = new boolean[length];
  }

  static long mix(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }

  boolean add(long newLow, long newHigh) {
    if (size > low.length / 4 * 3) {
      grow();
    }
    int slot = slot(newLow, newHigh);
    if (used[slot]) {
      return false;
    }
    put(slot, newLow, newHigh);
    return true;
  }

  private void put(int slot, long newLow, long newHigh) {
    low[slot] = newLow;
    high[slot] = newHigh;
    used[slot] = true;
    size++;
  }

  private int slot(long wantedLow, long wantedHigh) {
    int slot = (int) (mix(mix(wantedLow)) & (low.length - 1));
    while (used[slot] && (low[slot] != wantedLow || high[slot] != wantedHigh)) {
      slot = (slot + 1) & (low.length - 1);
    }
    return slot;
  }

  /** Only where hashes are shared out very unevenly. */
  private void grow() {
    IdSet larger = new IdSet(low.length * 2L);
    for (int i = 0; i < low.length; i++) {
      if (used[i]) {
        larger.put(larger.slot(low[i], high[i]), low[i], high[i]);
      }
    }
    low = larger.low;
    high = larger.high;
    used = larger.used;
  }
}
