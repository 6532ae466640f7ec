package io.vectorconnect.source.reconcile;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and hashes of the rows of one range, in the order of the keys: 16 bytes a row, and its key.
 */
final class KnownRows {
  private static final int FIRST = 64;

  private String[] keys;
  private long[] hashes;
  private int size;

  /** None yet. */
  KnownRows() {
    this(FIRST);
  }

  private KnownRows(int capacity) {
    keys = new String[capacity];
    hashes = new long[2 * capacity];
  }

  /** Rows in any order. */
  static KnownRows of(Map<String, RowHash> rows, Comparator<String> order) {
    KnownRows known = new KnownRows(Math.max(FIRST, rows.size()));
    List<String> sorted = rows.keySet().stream().sorted(order).toList();
    sorted.forEach(key -> known.add(key, rows.get(key)));
    return known;
  }

  /** Adds a row whose key is above all before. */
  void add(String key, RowHash hash) {
    if (size == keys.length) {
      int capacity = Math.max(size + 1, (int) Math.min(Integer.MAX_VALUE / 2 - 8L, size * 3L / 2));
      keys = Arrays.copyOf(keys, capacity);
      hashes = Arrays.copyOf(hashes, 2 * capacity);
    }
    keys[size] = key;
    hashes[2 * size] = hash.high();
    hashes[2 * size + 1] = hash.low();
    size++;
  }

  int size() {
    return size;
  }

  String key(int row) {
    return keys[row];
  }

  /** The row of a key at or behind another row, or a negative number. */
  int indexOf(String key, int from, Comparator<String> order) {
    return Arrays.binarySearch(keys, from, size, key, order);
  }

  boolean hasHash(int row, RowHash hash) {
    return hashes[2 * row] == hash.high() && hashes[2 * row + 1] == hash.low();
  }

  /**
   * Gathers what is known of the ranges of a task, of which there are not more rows than a limit.
   */
  static final class Loader {
    private final RowLimit limit;
    private final Map<Integer, Map<String, RowHash>> ranges = new HashMap<>();

    Loader(RowLimit limit) {
      this.limit = limit;
    }

    void put(int range, String key, RowHash hash) {
      if (ranges.computeIfAbsent(range, r -> new HashMap<>()).put(key, hash) == null) {
        limit.add(1);
      }
    }

    void remove(int range, String key) {
      Map<String, RowHash> rows = ranges.get(range);
      if (rows != null && rows.remove(key) != null) {
        limit.add(-1);
      }
    }

    KnownRows range(int range, Comparator<String> order) {
      Map<String, RowHash> rows = ranges.remove(range);
      return rows == null ? new KnownRows() : of(rows, order);
    }
  }
}
