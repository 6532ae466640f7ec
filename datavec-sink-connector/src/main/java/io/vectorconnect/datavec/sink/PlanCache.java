package io.vectorconnect.datavec.sink;

import io.vectorconnect.sink.Change;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Row plans by the shape of the record; also remembers why a shape cannot be written. */
final class PlanCache {
  private static final int MAX_PLANS = 256;

  private record Shape(String topic, Object key, Object row, Change.Kind kind) {
    static Shape of(SinkRecord record, Change change) {
      return new Shape(
          record.topic(),
          RecordField.shape(record.keySchema(), record.key()),
          RecordField.shape(change.schema(), change.row()),
          change.kind());
    }
  }

  /** A plan, or the reason why there is none. */
  private record Entry(RowPlan plan, DataException reason) {}

  private final RowPlanner planner;
  private final Map<Shape, Entry> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Entry> eldest) {
          return size() > MAX_PLANS;
        }
      };

  // Neighbours are alike: comparing identities spares the deep hash of the schemas.
  private String lastTopic;
  private Schema lastKeySchema;
  private Schema lastRowSchema;
  private Change.Kind lastKind;
  private Entry last;

  PlanCache(RowPlanner planner) {
    this.planner = planner;
  }

  boolean knows(SinkRecord record, Change change) {
    return find(record, change) != null;
  }

  /**
   * Forgets what may have changed: that a table is missing, or does not take a shape. Without this
   * a delete that came before its table would be passed over ever after.
   */
  void forgetObstacles() {
    boolean forgotten =
        entries
            .values()
            .removeIf(
                entry -> entry.plan() == null || entry.plan().kind() == RowPlan.Kind.NO_TABLE);
    if (forgotten) {
      last = null;
    }
  }

  /** Makes the plan for records like this one. */
  void resolve(Session session, SinkRecord record, Change change) throws SQLException {
    Entry entry;
    try {
      entry = new Entry(planner.plan(session, record, change), null);
    } catch (DataException e) {
      entry = new Entry(null, e);
    }
    entries.put(Shape.of(record, change), entry);
    last = null;
  }

  /**
   * The plan of a record that was resolved.
   *
   * @throws DataException when records like it cannot be written
   */
  RowPlan get(SinkRecord record, Change change) {
    Entry entry = find(record, change);
    if (entry.plan() == null) {
      throw new DataException(entry.reason().getMessage());
    }
    return entry.plan();
  }

  private Entry find(SinkRecord record, Change change) {
    boolean sameAsLast =
        last != null
            && change.kind() == lastKind
            && change.schema() == lastRowSchema
            && lastRowSchema != null
            && record.keySchema() == lastKeySchema
            && record.topic().equals(lastTopic);
    if (sameAsLast) {
      return last;
    }
    Entry entry = entries.get(Shape.of(record, change));
    if (entry != null) {
      lastTopic = record.topic();
      lastKeySchema = record.keySchema();
      lastRowSchema = change.schema();
      lastKind = change.kind();
      last = entry;
    }
    return entry;
  }
}
