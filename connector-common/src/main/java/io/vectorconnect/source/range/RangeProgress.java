package io.vectorconnect.source.range;

import java.util.Map;
import java.util.OptionalLong;

/** Counts the rows that were published of a range, across restarts; {@link #toString} for logs. */
public final class RangeProgress {
  /** Key of an offset: how many rows of the range were published up to it. */
  static final String ROWS = "rows";

  private final boolean isResumed;

  /** Empty where the stored offset does not say; a version before this class wrote it. */
  private final OptionalLong before;

  private long now;

  /** The progress of a range that goes on where its offset says. */
  public RangeProgress(RangeOffsets offsets, KeyRange range) {
    Map<String, String> position = offsets.position(range);
    String rows = position.get(ROWS);
    isResumed = !position.isEmpty();
    before =
        rows != null && rows.matches("\\d{1,18}")
            ? OptionalLong.of(Long.parseLong(rows))
            : OptionalLong.empty();
  }

  /** One more row was read. */
  public void add() {
    now++;
  }

  /** Adds the number of rows to the offset of the last one. */
  public void addTo(Map<String, String> offset) {
    if (!isResumed || before.isPresent()) {
      offset.put(ROWS, Long.toString(before.orElse(0) + now));
    }
  }

  @Override
  public String toString() {
    if (!isResumed) {
      return now + " rows";
    }
    return now
        + " rows since it was resumed behind its stored key, "
        + (before.isPresent() ? before.getAsLong() : "an unknown number of")
        + " rows before";
  }
}
