package io.vectorconnect.source.range;

/**
 * One range of a plan.
 *
 * @param index its place in the plan, from 0
 * @param above the key below the first one, or null where the range is open
 * @param upTo the last key, or null where the range is open: new keys arrive there
 */
public record KeyRange(int index, String above, String upTo) {
  /** Whether this is the last range of its plan. */
  public boolean isLast() {
    return upTo == null;
  }
}
