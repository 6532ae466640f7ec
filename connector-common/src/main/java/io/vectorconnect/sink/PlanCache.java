package io.vectorconnect.sink;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * A sink's plans (how records of one shape are written) by the shape of the record; also remembers
 * why a shape cannot be written, until the next records are prepared.
 *
 * @param <P> the sink's plan
 */
public final class PlanCache<P> {
  /** Documents with a dozen optional fields come in thousands of shapes. */
  private static final int MAX_PLANS = 4_096;

  /** Makes plans. */
  @FunctionalInterface
  public interface Planner<P> {
    /**
     * The plan for records like this one.
     *
     * @throws DataException when such records cannot be written
     * @throws TransientWriteException when the database has to be asked, and does not answer
     */
    P plan(Change change) throws TransientWriteException;
  }

  private record Shape(String topic, Object key, Object row, Change.Kind kind, Set<String> absent) {
    static Shape of(Change change) {
      return new Shape(
          change.record().topic(),
          RecordField.shape(change.record().keySchema(), change.record().key()),
          RecordField.shape(change.schema(), change.row()),
          change.kind(),
          change.absent());
    }
  }

  /** A record does not tell enough for a plan; another one of the same shape may. */
  public static final class UndecidedException extends DataException {
    private static final long serialVersionUID = 1L;

    /** Says what the record does not tell. */
    public UndecidedException(String message) {
      super(message);
    }
  }

  /** A plan, or the reason why there is none. */
  private record Entry<P>(P plan, DataException reason) {
    boolean isDecided() {
      return !(reason instanceof UndecidedException);
    }
  }

  private final Planner<P> planner;
  private final Predicate<P> passing;
  private final Map<Shape, Entry<P>> entries = new LinkedHashMap<>(16, 0.75f, true);

  // Neighbours are alike: comparing identities spares the deep hash of the schemas.
  private String lastTopic;
  private Schema lastKeySchema;
  private Schema lastRowSchema;
  private Change.Kind lastKind;
  private Set<String> lastAbsent;
  private Entry<P> last;

  /**
   * An empty cache.
   *
   * @param passing whether a plan holds only for now: one that deletes nothing because there is no
   *     such table yet
   */
  public PlanCache(Planner<P> planner, Predicate<P> passing) {
    this.planner = planner;
    this.passing = passing;
  }

  /** Makes the plans that are missing for these changes. */
  public void prepare(Collection<Change> changes) throws TransientWriteException {
    tidy();
    // Deletes after rows, for a row may create the table that a delete later in the topic is about.
    for (Change change : changes) {
      if (change.kind() == Change.Kind.UPSERT) {
        resolve(change);
      }
    }
    for (Change change : changes) {
      if (change.kind() != Change.Kind.UPSERT) {
        resolve(change);
      }
    }
  }

  /**
   * Forgets plans that hold no longer. Records that were prepared by them and not yet added have to
   * be prepared again.
   */
  public void forget(Predicate<P> outdated) {
    last = null;
    entries.values().removeIf(entry -> entry.plan() != null && outdated.test(entry.plan()));
  }

  /** Only between two calls, for all plans of one call are in use until its records are added. */
  private void tidy() {
    last = null;
    // What could not be written may be now: its table may have been created or altered.
    entries.values().removeIf(entry -> entry.plan() == null || passing.test(entry.plan()));
    var eldest = entries.entrySet().iterator();
    while (entries.size() > MAX_PLANS) {
      eldest.next();
      eldest.remove();
    }
  }

  private void resolve(Change change) throws TransientWriteException {
    try {
      RecordFailure.locate(
          () -> {
            resolveKnown(change);
            return null;
          });
    } catch (DataException e) {
      // The record has no shape by which a reason could be kept; it is reported when it is added.
      last = null;
    }
  }

  private void resolveKnown(Change change) throws TransientWriteException {
    Entry<P> known = find(change);
    if (known != null && known.isDecided()) {
      return;
    }
    Entry<P> entry;
    try {
      entry = new Entry<>(RecordFailure.locate(() -> planner.plan(change)), null);
    } catch (DataException e) {
      entry = new Entry<>(null, e);
    } catch (ConnectException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever a record causes ends at that record. The exception's message may quote a value.
      entry =
          new Entry<>(
              null,
              new DataException(
                  "the record could not be read: "
                      + e.getClass().getSimpleName()
                      + "; correct it, or report this as a fault of the connector"));
    }
    entries.put(Shape.of(change), entry);
    last = null;
  }

  /**
   * The plan of a record that was prepared.
   *
   * @throws DataException when records like it cannot be written
   */
  public P get(Change change) {
    Entry<P> entry = find(change);
    if (entry.plan() == null) {
      throw new DataException(entry.reason().getMessage());
    }
    return entry.plan();
  }

  private Entry<P> find(Change change) {
    boolean sameAsLast =
        last != null
            && change.kind() == lastKind
            && change.schema() == lastRowSchema
            && lastRowSchema != null
            && change.record().keySchema() == lastKeySchema
            && change.record().topic().equals(lastTopic)
            && change.absent().equals(lastAbsent);
    if (sameAsLast) {
      return last;
    }
    Entry<P> entry = entries.get(Shape.of(change));
    if (entry != null) {
      lastTopic = change.record().topic();
      lastKeySchema = change.record().keySchema();
      lastRowSchema = change.schema();
      lastKind = change.kind();
      lastAbsent = change.absent();
      last = entry;
    }
    return entry;
  }
}
