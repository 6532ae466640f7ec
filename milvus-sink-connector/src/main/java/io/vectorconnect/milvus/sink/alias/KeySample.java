package io.vectorconnect.milvus.sink.alias;

import java.util.HashSet;
import java.util.Set;

/**
 * Some of the keys whose rows are in a collection, evenly out of all that were written: a key is in
 * the sample or not by its hash, so that a delete takes out what its upsert has put in. All of the
 * keys where they are few.
 */
final class KeySample {
  private static final int MOST = 1_000;

  private final Set<Object> keys = new HashSet<>();
  private int mask;

  /** A key whose row the server has taken. */
  synchronized void add(Object key) {
    if (isSampled(key)) {
      keys.add(key);
      while (keys.size() > MOST && mask != -1) {
        mask = mask << 1 | 1;
        keys.removeIf(other -> !isSampled(other));
      }
    }
  }

  /** A key whose row is about to be deleted. */
  synchronized void remove(Object key) {
    keys.remove(key);
  }

  synchronized void clear() {
    keys.clear();
    mask = 0;
  }

  synchronized Set<Object> keys() {
    return Set.copyOf(keys);
  }

  /** The sampled keys that are not in {@code found}, though their rows should be. */
  synchronized Set<Object> without(Set<Object> asked, Set<Object> found) {
    Set<Object> missing = new HashSet<>(asked);
    missing.removeAll(found);
    missing.retainAll(keys); // a delete may have come in between
    return missing;
  }

  private boolean isSampled(Object key) {
    int hash = key.hashCode() * 0x9E3779B9; // spreads neighbours
    return ((hash ^ hash >>> 15) & mask) == 0;
  }
}
