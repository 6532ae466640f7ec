package io.vectorconnect.sql.sink;

import io.vectorconnect.sink.Bisection;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.TransientWriteException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a batch's changes of one table. All at once, each key with what its changes come to; where
 * the database refuses that, one change after the other in the order in which they came, as far as
 * needed: a change is reported only if it was refused alone, behind all that came before it.
 *
 * <p>Changes of several partitions come in no order among each other. One that is refused because
 * of other rows is tried again after them, unless its own row was changed later.
 *
 * @param <R> the encoded changes
 */
final class ChangesWriter<R extends SqlRow> {
  /** Writes changes: all or none. */
  @FunctionalInterface
  interface Load<R> {
    /**
     * Writes steps one after the other.
     *
     * @throws RefusedException when one of the changes is refused
     */
    void load(List<? extends Collection<R>> steps) throws TransientWriteException, RefusedException;
  }

  /** A change is refused because of other rows. */
  static final class ConflictException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ConflictException(String message) {
      super(message, null);
    }
  }

  private record Refused<R>(R row, RefusedException reason) {}

  private final RowBatch.Changes<R> changes;
  private final Load<R> target;
  private final Bisection.Errant<R> errant;
  private List<Refused<R>> aside = new ArrayList<>();
  private Map<Object, R> last;

  ChangesWriter(RowBatch.Changes<R> changes, Load<R> target, Bisection.Errant<R> errant) {
    this.changes = changes;
    this.target = target;
    this.errant = errant;
  }

  /**
   * Writes the changes of several tables. Where rows of one are refused because of rows of another,
   * as with a foreign key, the other one is written first: a batch holds them in any order.
   */
  static <R extends SqlRow> void writeAll(List<ChangesWriter<R>> tables)
      throws TransientWriteException {
    List<ChangesWriter<R>> pending = new ArrayList<>(tables);
    int before;
    do {
      before = pending.size();
      List<ChangesWriter<R>> waiting = new ArrayList<>();
      for (ChangesWriter<R> table : pending) {
        if (!table.writeAtOnce()) {
          waiting.add(table);
        }
      }
      pending = waiting;
    } while (!pending.isEmpty() && pending.size() < before);
    for (ChangesWriter<R> table : pending) {
      table.write();
    }
    // What one of them was refused for may be there now.
    boolean written;
    do {
      written = false;
      for (ChangesWriter<R> table : pending) {
        written |= table.writeAside();
      }
    } while (written && pending.size() > 1);
    pending.forEach(ChangesWriter::reportAside);
  }

  /** Whether all changes were written, without looking for one that is refused. */
  private boolean writeAtOnce() throws TransientWriteException {
    if (changes.all().isEmpty()) {
      return true;
    }
    try {
      target.load(
          changes.isShortened() ? changes.shortened() : changes.steps(List.copyOf(changes.all())));
      return true;
    } catch (RefusedException e) {
      return false; // told below, of the change that it is about
    }
  }

  private void write() throws TransientWriteException {
    aside = new ArrayList<>();
    Bisection.write(
        new ArrayList<>(changes.all()), rows -> target.load(changes.steps(rows)), this::refused);
    boolean written;
    do {
      written = writeAside();
    } while (written && !aside.isEmpty());
  }

  /** Tries the changes again that were set aside; whether one of them was written. */
  private boolean writeAside() throws TransientWriteException {
    if (aside.isEmpty()) {
      return false;
    }
    List<R> again = new ArrayList<>(aside.stream().map(Refused::row).toList());
    int before = again.size();
    aside = new ArrayList<>();
    Bisection.write(again, rows -> target.load(changes.steps(rows)), this::refused);
    return aside.size() < before;
  }

  private void reportAside() {
    aside.forEach(refused -> errant.report(refused.row(), refused.reason()));
  }

  private void refused(R row, RefusedException reason) {
    if (reason instanceof ConflictException && isLast(row)) {
      aside.add(new Refused<>(row, reason));
    } else {
      errant.report(row, reason);
    }
  }

  private boolean isLast(R row) {
    if (!changes.isKeyed()) {
      return true;
    }
    if (last == null) {
      last = new HashMap<>();
      changes.all().forEach(change -> last.put(change.key(), change));
    }
    return last.get(row.key()) == row;
  }
}
