package io.vectorconnect.source;

/** Fits the rows of a page to a number of bytes, by the rows seen so far. */
public final class PageSize {
  /** The first page is small: it tells how large rows are. */
  private static final int FIRST = 100;

  private final int maxRows;
  private final int maxBytes;
  private int ceiling;

  /** How many times the rows asked for a page may have: the number of shards, or less. */
  private int excess = 1;

  private int rows;

  /**
   * A size that starts small.
   *
   * @param maxRows rows of a page at the most
   * @param maxBytes bytes of a page, about
   */
  public PageSize(int maxRows, int maxBytes) {
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
    this.ceiling = maxRows;
    this.rows = Math.min(FIRST, maxRows);
  }

  /** The rows to ask for. */
  public int rows() {
    return rows;
  }

  /** Learns from a page. */
  public void seen(int pageRows, int pageBytes) {
    if (pageRows > 0) {
      excess = Math.max(excess, (pageRows + rows - 1) / rows);
      long rowBytes = Math.max(1, pageBytes / pageRows);
      long fitting = Math.min(maxRows, maxBytes / rowBytes) / excess;
      rows = (int) Math.max(1, Math.min(ceiling, fitting));
    }
  }

  /** Asks for half as much from now on; false when a page is one row already. */
  public boolean halve() {
    if (rows == 1) {
      return false;
    }
    rows /= 2;
    ceiling = rows;
    return true;
  }
}
