package io.vectorconnect.datavec.sink;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Row plans by the shape of the record; also remembers why a shape cannot be written. */
final class PlanCache {
  private static final int MAX_PLANS = 256;

  private record Shape(String topic, Object key, Object value, boolean delete) {
    static Shape of(SinkRecord record) {
      return new Shape(
          record.topic(),
          RecordField.shape(record.keySchema(), record.key()),
          RecordField.shape(record.valueSchema(), record.value()),
          record.value() == null);
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
  private Schema lastValueSchema;
  private Entry last;

  PlanCache(RowPlanner planner) {
    this.planner = planner;
  }

  boolean knows(SinkRecord record) {
    return find(record) != null;
  }

  /** Makes the plan for records like this one. */
  void resolve(Session session, SinkRecord record) throws SQLException {
    Entry entry;
    try {
      entry = new Entry(planner.plan(session, record), null);
    } catch (DataException e) {
      entry = new Entry(null, e);
    }
    entries.put(Shape.of(record), entry);
    last = null;
  }

  /**
   * The plan of a record that was resolved.
   *
   * @throws DataException when records like it cannot be written
   */
  RowPlan get(SinkRecord record) {
    Entry entry = find(record);
    if (entry.plan() == null) {
      throw new DataException(entry.reason().getMessage());
    }
    return entry.plan();
  }

  private Entry find(SinkRecord record) {
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
    Entry entry = entries.get(Shape.of(record));
    if (entry != null && record.value() != null) {
      lastTopic = record.topic();
      lastKeySchema = record.keySchema();
      lastValueSchema = record.valueSchema();
      last = entry;
    }
    return entry;
  }
}
