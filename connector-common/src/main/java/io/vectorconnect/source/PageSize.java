package io.vectorconnect.source;

/** Fits the rows of a page to a number of bytes, by the rows seen so far. */
public final class PageSize {
  /** The first page is small: it tells how large rows are. */
  private static final int FIRST = 100;

  /** Good pages after which a page may be larger again, and what that grows to. */
  private static final int PATIENCE = 8;

  private static final int MAX_PATIENCE = 1024;

  private final int maxRows;
  private final int maxBytes;
  private int ceiling;

  /** What a slow server lets through; grows back to the ceiling. */
  private int bearable;

  private int patience = PATIENCE;
  private int arrived;
  private boolean grown;

  /** How many times the rows asked for a page may have: the number of shards, or less. */
  private int excess = 1;

  /** What the bytes of the rows allow. */
  private int fitting;

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
    this.bearable = maxRows;
    this.fitting = Math.min(FIRST, maxRows);
  }

  /** The rows to ask for. */
  public int rows() {
    return Math.max(1, Math.min(fitting, Math.min(ceiling, bearable)));
  }

  /** Learns from a page. */
  public void seen(int pageRows, int pageBytes) {
    if (pageRows > 0) {
      excess = Math.max(excess, (pageRows + rows() - 1) / rows());
      long rowBytes = Math.max(1, pageBytes / pageRows);
      fitting = (int) (Math.min(maxRows, maxBytes / rowBytes) / excess);
    }
    arrived();
  }

  /** Takes note of a page that was there in time, and says nothing of other pages' bytes. */
  public void arrived() {
    if (++arrived < patience) {
      return;
    }
    arrived = 0;
    grown = bearable < ceiling;
    if (grown) {
      bearable = (int) Math.min(ceiling, bearable * 2L);
    } else {
      patience = PATIENCE; // all is well again
    }
  }

  /** Asks for half as much from now on, for good; false when a page is one row already. */
  public boolean halve() {
    if (rows() == 1) {
      return false;
    }
    ceiling = rows() / 2;
    return true;
  }

  /**
   * Asks for half as much for a while: the server was too slow, by the size of the page or for
   * reasons of its own. False when a page is one row already.
   */
  public boolean shrink() {
    arrived = 0;
    if (rows() == 1) {
      return false;
    }
    if (grown) {
      patience = Math.min(MAX_PATIENCE, 2 * patience); // what it grew to was too much again
      grown = false;
    }
    bearable = rows() / 2;
    return true;
  }
}
