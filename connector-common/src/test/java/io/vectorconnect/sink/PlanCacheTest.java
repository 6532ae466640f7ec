package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.UnavailableValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
  private final Set<String> tables = new HashSet<>();
  private final List<String> asked = new ArrayList<>();
  private final PlanCache<String> cache = new PlanCache<>(this::plan, "nothing"::equals);

  /** A row creates its table; a delete from a table that is not there does nothing. */
  private String plan(Change change) {
    SinkRecord record = change.record();
    asked.add(record.topic());
    if (record.value() == null) {
      return tables.contains(record.topic()) ? "delete" : "nothing";
    }
    Object value = record.value() instanceof Struct row ? row.get("f") : record.value();
    if (value.equals("empty")) {
      throw new PlanCache.UndecidedException("it is empty");
    }
    if (value.equals("bad")) {
      throw new DataException("it is bad");
    }
    tables.add(record.topic());
    return "row";
  }

  private static final Schema ROW = SchemaBuilder.struct().field("f", Schema.STRING_SCHEMA).build();

  private static Change record(String topic, String value) {
    Struct row = new Struct(ROW).put("f", value);
    return Change.of(new SinkRecord(topic, 0, null, 1L, ROW, row, 0));
  }

  private static Change tombstone(String topic) {
    return Change.of(new SinkRecord(topic, 0, null, 1L, null, null, 0));
  }

  private void prepare(Change... changes) throws TransientWriteException {
    cache.prepare(List.of(changes));
  }

  @Test
  void rowsThatDoNotTellTheSameFieldsHavePlansOfTheirOwn() throws Exception {
    prepare(record("a", "x"), record("a", UnavailableValue.TEXT), record("a", "y"));
    prepare(record("a", UnavailableValue.TEXT), record("a", "x"));
    assertThat(asked).containsExactly("a", "a");
  }

  @Test
  void asksOnceForEachShape() throws Exception {
    prepare(record("a", "x"), record("a", "y"), record("b", "x"), tombstone("a"));
    prepare(record("a", "z"), tombstone("a"));
    assertThat(asked).containsExactly("a", "b", "a");
    assertThat(cache.get(record("a", "z"))).isEqualTo("row");
    assertThat(cache.get(tombstone("a"))).isEqualTo("delete");
  }

  @Test
  void aDeleteThatComesBeforeItsTableHidesNoLaterOne() throws Exception {
    prepare(tombstone("a"));
    assertThat(cache.get(tombstone("a"))).isEqualTo("nothing");
    prepare(tombstone("a"), record("a", "x"), tombstone("a"));
    assertThat(cache.get(tombstone("a"))).isEqualTo("delete");
  }

  @Test
  void aReasonHoldsForTheRecordsOfOneCall() throws Exception {
    prepare(record("a", "bad"), record("a", "x"));
    assertThat(asked).hasSize(1);
    assertThatThrownBy(() -> cache.get(record("a", "x"))).hasMessage("it is bad");
    prepare(record("a", "x"));
    assertThat(cache.get(record("a", "x"))).isEqualTo("row");
  }

  @Test
  void aRecordThatDoesNotTellLeavesItToTheNext() throws Exception {
    prepare(record("a", "empty"), record("a", "empty"), record("a", "x"));
    assertThat(cache.get(record("a", "x"))).isEqualTo("row");
    assertThat(asked).hasSize(3);
  }

  @Test
  void manyShapesOfOneCallAreAllThere() throws Exception {
    List<Change> records = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Map<String, Object> value = Map.of("field" + i, i);
      records.add(Change.of(new SinkRecord("a", 0, null, 1L, null, value, i)));
    }
    cache.prepare(records);
    assertThat(records).allMatch(record -> cache.get(record).equals("row"));
  }
}
