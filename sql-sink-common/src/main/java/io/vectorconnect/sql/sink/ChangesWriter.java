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

  void write() throws TransientWriteException {
    if (changes.isShortened()) {
      try {
        target.load(changes.shortened());
        return;
      } catch (RefusedException e) {
        // told below, of the change that it is about
      }
    }
    List<R> pending = new ArrayList<>(changes.all());
    int waiting = Integer.MAX_VALUE;
    while (!pending.isEmpty() && pending.size() < waiting) {
      waiting = pending.size();
      aside = new ArrayList<>();
      Bisection.write(pending, rows -> target.load(changes.steps(rows)), this::refused);
      pending = new ArrayList<>(aside.stream().map(Refused::row).toList());
    }
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
