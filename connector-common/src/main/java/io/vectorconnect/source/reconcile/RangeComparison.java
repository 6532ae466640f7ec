package io.vectorconnect.source.reconcile;

import java.util.Comparator;

/**
 * One pass over a range, in the order of its keys, beside what was published of it: tells which
 * rows are new or changed, and which are gone.
 */
final class RangeComparison {
  private final KnownRows before;
  private final Comparator<String> order;
  private final RowLimit limit;
  private final KnownRows now = new KnownRows();
  private int at;

  /**
   * A pass that has not begun.
   *
   * @param before what was published
   * @param order of keys, as the store has it
   * @param limit counts the rows; {@code before} is counted already
   */
  RangeComparison(KnownRows before, Comparator<String> order, RowLimit limit) {
    this.before = before;
    this.order = order;
    this.limit = limit;
  }

  /**
   * The next key that was published and is not there any more, or null when there is none before
   * the next row.
   *
   * @param next the key of the next row, or null behind the last one
   */
  String gone(String next) {
    boolean isGone =
        at < before.size() && (next == null || order.compare(before.key(at), next) < 0);
    if (!isGone) {
      return null;
    }
    limit.add(-1);
    return before.key(at++);
  }

  /**
   * Goes on to the next row, before which no key is {@link #gone}.
   *
   * @return whether it is not as it was published
   */
  boolean isChanged(String key, RowHash hash) {
    boolean isKnown = at < before.size() && before.key(at).equals(key);
    boolean isSame = isKnown && before.hasHash(at, hash);
    if (isKnown) {
      at++;
    } else {
      limit.add(1);
    }
    now.add(key, hash);
    return !isSame;
  }

  /** Whether a row, before which nothing is passed over yet, is as it was published. */
  boolean isSame(String key, RowHash hash) {
    int row = before.indexOf(key, at, order);
    return row >= 0 && before.hasHash(row, hash);
  }

  /** The rows of this pass, when it is over. */
  KnownRows rows() {
    return now;
  }
}
