package io.vectorconnect.examples;

import java.util.List;

/**
 * A hit of a nearest-neighbour query.
 *
 * @param id the row
 * @param distance its cosine distance
 */
record Neighbour(long id, double distance) {
  /** Below this, two databases' sums of 384 float products may differ by their order alone. */
  private static final double ROUNDING = 1e-5;

  /**
   * Whether two databases give the same neighbours; rows of equal distance may stand in any order.
   */
  static boolean same(List<Neighbour> left, List<Neighbour> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      boolean sameRow = left.get(i).id() == right.get(i).id();
      boolean tie = Math.abs(left.get(i).distance() - right.get(i).distance()) < ROUNDING;
      if (!tie || (!sameRow && !isTied(left, i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTied(List<Neighbour> hits, int at) {
    double distance = hits.get(at).distance();
    boolean before = at > 0 && distance - hits.get(at - 1).distance() < ROUNDING;
    boolean after = at + 1 >= hits.size() || hits.get(at + 1).distance() - distance < ROUNDING;
    return before || after;
  }
}
