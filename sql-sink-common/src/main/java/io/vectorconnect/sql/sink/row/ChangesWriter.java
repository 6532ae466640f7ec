package io.vectorconnect.sql.sink.row;

import io.vectorconnect.sink.Bisection;
import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sink.TransientWriteException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes a batch's changes of one table. All at once, each key with what its changes come to; where
 * the database refuses that, one change after the other in the order in which they came, as far as
 * needed: a change is reported only if it was refused alone, behind all that came before it.
 *
 * <p>Changes of several partitions come in no order among each other. One that is refused because
 * of other rows is tried again after them, unless its own row was changed later. One that a foreign
 * key refuses may wait for rows of a later batch.
 *
 * @param <R> the encoded changes
 */
public final class ChangesWriter<R extends SqlRow> {
  /**
   * The rows of a partition that are tried one by one. Where so many wait, the batch is written
   * again without the partition, and the other rows are tried then.
   */
  private static final int MAX_TRIED = 64;

  /** Writes changes: all or none. */
  @FunctionalInterface
  public interface Load<R> {
    /**
     * Writes steps one after the other.
     *
     * @throws RefusedException when one of the changes is refused
     */
    void load(List<? extends Collection<R>> steps) throws TransientWriteException, RefusedException;
  }

  /** A change is refused because of other rows. */
  public static class ConflictException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
      super(message, null);
    }
  }

  /** A change is refused because of a row of another table, to which a foreign key leads. */
  public static final class ReferenceException extends ConflictException {
    private static final long serialVersionUID = 1L;

    public ReferenceException(String message) {
      super(message);
    }
  }

  /** A change is not tried, because many before it wait. */
  private static final class NotTriedException extends ConflictException {
    private static final long serialVersionUID = 1L;

    NotTriedException() {
      super("not tried, as other rows wait");
    }
  }

  /** A change that was not written. */
  public record Refused<R>(R row, RefusedException reason) {}

  /**
   * What was not written.
   *
   * @param refused for good
   * @param waiting for rows of later batches; where there are any, nothing is to be committed
   */
  public record Result<R>(List<Refused<R>> refused, List<R> waiting) {}

  private final RowBatch.Changes<R> changes;
  private final Load<R> target;
  private final Predicate<R> mayWait;
  private final List<Refused<R>> refused = new ArrayList<>();
  private final List<R> waiting = new ArrayList<>();
  private List<Refused<R>> aside = new ArrayList<>();
  private Map<Object, R> last;

  /** How many rows of each partition a foreign key has refused, of those that may wait. */
  private final Map<TopicPartition, Integer> tried = new HashMap<>();

  /**
   * A writer of one table.
   *
   * @param mayWait whether a row that a foreign key refuses may be written in a later batch
   */
  public ChangesWriter(RowBatch.Changes<R> changes, Load<R> target, Predicate<R> mayWait) {
    this.changes = changes;
    this.target = target;
    this.mayWait = mayWait;
  }

  /**
   * Writes the changes of several tables. Where rows of one are refused because of rows of another,
   * as with a foreign key, the other one is written first: a batch holds them in any order.
   */
  public static <R extends SqlRow> Result<R> writeAll(List<ChangesWriter<R>> tables)
      throws TransientWriteException {
    List<ChangesWriter<R>> pending = new ArrayList<>(tables);
    int before;
    do {
      before = pending.size();
      List<ChangesWriter<R>> left = new ArrayList<>();
      for (ChangesWriter<R> table : pending) {
        if (!table.writeAtOnce()) {
          left.add(table);
        }
      }
      pending = left;
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
    Result<R> result = new Result<>(new ArrayList<>(), new ArrayList<>());
    pending.forEach(table -> table.addTo(result));
    return result;
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
    Bisection.write(new ArrayList<>(changes.all()), this::load, this::refused);
    boolean written;
    do {
      written = writeAside();
    } while (written && !aside.isEmpty());
  }

  private void load(List<R> rows) throws TransientWriteException, RefusedException {
    if (tried.values().stream().anyMatch(count -> count >= MAX_TRIED)) {
      throw new NotTriedException();
    }
    target.load(changes.steps(rows));
  }

  /** Tries the changes again that were set aside; whether one of them was written. */
  private boolean writeAside() throws TransientWriteException {
    if (aside.isEmpty()) {
      return false;
    }
    List<R> again = new ArrayList<>(aside.stream().map(Refused::row).toList());
    int before = again.size();
    aside = new ArrayList<>();
    tried.clear();
    Bisection.write(again, this::load, this::refused);
    return aside.size() < before;
  }

  private void addTo(Result<R> result) {
    aside.forEach(change -> settle(change.row(), change.reason()));
    result.refused().addAll(refused);
    result.waiting().addAll(waiting);
  }

  private void refused(R row, RefusedException reason) {
    if (reason instanceof ReferenceException && mayWait.test(row)) {
      row.records().forEach(record -> tried.merge(RowBatch.partition(record), 1, Integer::sum));
    }
    if (reason instanceof ConflictException && isLast(row)) {
      aside.add(new Refused<>(row, reason));
    } else {
      settle(row, reason);
    }
  }

  private void settle(R row, RefusedException reason) {
    if (reason instanceof NotTriedException) {
      // Others wait, so the batch is written again without them. Earlier changes of a key may be
      // all that is left of this pass: they wait too.
      if (!isLast(row)) {
        waiting.add(row);
      }
    } else if (reason instanceof ReferenceException && mayWait.test(row)) {
      waiting.add(row);
    } else {
      refused.add(new Refused<>(row, reason));
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
