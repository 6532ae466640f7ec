package io.vectorconnect.sink;

import java.util.Collection;
import java.util.TreeSet;

/** What to tell of changes that leave columns out, where these cannot be written. */
public final class PartialUpdate {
  private static final String FIX =
      "ALTER TABLE ... REPLICA IDENTITY FULL on the source lets later events tell it";

  /** The row is not in the target. */
  public static final String NO_SUCH_ROW =
      "the change event does not tell all columns (PostgreSQL leaves out a value in TOAST that did"
          + " not change), and the target has no row of this key to update; "
          + FIX;

  private PartialUpdate() {}

  /** The columns are needed. */
  public static String notTold(Collection<String> columns) {
    return "the change event does not tell the value of %s, which did not change and which PostgreSQL keeps apart (TOAST); %s"
        .formatted(String.join(", ", new TreeSet<>(columns)), FIX);
  }
}
