package io.vectorconnect.sink;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A sink's plans (how records of one shape are written) by the shape of the record; also remembers
 * why a shape cannot be written, until the next records are prepared.
 *
 * @param <P> the sink's plan
 */
public final class PlanCache<P> {
  private static final int MAX_PLANS = 256;

  /** Makes plans. */
  @FunctionalInterface
  public interface Planner<P> {
    /**
     * The plan for records like this one.
     *
     * @throws DataException when such records cannot be written
     * @throws TransientWriteException when the database has to be asked, and does not answer
     */
    P plan(SinkRecord record) throws TransientWriteException;
  }

  private record Shape(String topic, Object key, Object value, boolean delete) {
    static Shape of(SinkRecord record) {
      return new Shape(
          record.topic(),
          RecordField.shape(record.keySchema(), record.key()),
          RecordField.shape(record.valueSchema(), record.value()),
          record.value() == null);
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
  private Schema lastValueSchema;
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

  /** Makes the plans that are missing for these records. */
  public void prepare(Collection<SinkRecord> records) throws TransientWriteException {
    tidy();
    // Deletes after rows, for a row may create the table that a delete later in the topic is about.
    for (SinkRecord record : records) {
      if (record.value() != null) {
        resolve(record);
      }
    }
    for (SinkRecord record : records) {
      if (record.value() == null) {
        resolve(record);
      }
    }
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

  private void resolve(SinkRecord record) throws TransientWriteException {
    Entry<P> known = find(record);
    if (known != null && known.isDecided()) {
      return;
    }
    Entry<P> entry;
    try {
      entry = new Entry<>(planner.plan(record), null);
    } catch (DataException e) {
      entry = new Entry<>(null, e);
    }
    entries.put(Shape.of(record), entry);
    last = null;
  }

  /**
   * The plan of a record that was prepared.
   *
   * @throws DataException when records like it cannot be written
   */
  public P get(SinkRecord record) {
    Entry<P> entry = find(record);
    if (entry.plan() == null) {
      throw new DataException(entry.reason().getMessage());
    }
    return entry.plan();
  }

  private Entry<P> find(SinkRecord record) {
    boolean sameAsLast =
        last != null
            && record.value() != null
            && record.keySchema() == lastKeySchema
            && record.valueSchema() == lastValueSchema
            && lastValueSchema != null
            && record.topic().equals(lastTopic);
    if (sameAsLast) {
      return last;
    }
    Entry<P> entry = entries.get(Shape.of(record));
    if (entry != null && record.value() != null) {
      lastTopic = record.topic();
      lastKeySchema = record.keySchema();
      lastValueSchema = record.valueSchema();
      last = entry;
    }
    return entry;
  }
}
