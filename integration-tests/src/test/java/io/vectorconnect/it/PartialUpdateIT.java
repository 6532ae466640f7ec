package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.tombstone;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that do not tell all columns, of which absent ones must stay as they are. */
@Services(shared = POSTGRESQL)
@Timeout(120)
class PartialUpdateIT {
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("Partial")
          .field("id", Schema.INT64_SCHEMA)
          .field("label", Schema.OPTIONAL_STRING_SCHEMA)
          .field("v", VectorSchema.builder(VectorType.FLOAT, 3).optional().build())
          .field("w", VectorSchema.builder(VectorType.FLOAT, 2).optional().build())
          .build();
  private static final byte[] ABSENT = UnavailableValue.bytes();

  enum Target {
    POSTGRESQL,
    OPENGAUSS,
    OCEANBASE;

    SqlTarget sql() {
      return switch (this) {
        case POSTGRESQL -> Sql.postgresql();
        case OPENGAUSS -> Sql.openGauss();
        case OCEANBASE -> OceanBase.database("partial_update");
      };
    }
  }

  private static byte[] vector(float... elements) {
    return PackedVector.ofFloats(elements).bytes();
  }

  private static SinkRecord row(
      SinkHarness sink, String topic, long id, String label, byte[] v, byte[] w) {
    Struct value = new Struct(VALUE).put("id", id).put("label", label).put("v", v).put("w", w);
    return sink.record(topic, KEY, key(id), VALUE, value);
  }

  private static List<String> rows(SqlTarget target, String table) throws Exception {
    return target.rows("SELECT id, label, v, w FROM " + table + " ORDER BY id");
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void absentColumnsStayAsTheyAreAndNullsBecomeNull(Target target) throws Exception {
    SqlTarget sql = target.sql();
    try (SinkHarness sink = sql.sink("partial")) {
      sink.write(
          row(sink, "partial", 1, "one", vector(1, 1, 1), vector(1, 1)),
          row(sink, "partial", 2, "two", vector(2, 2, 2), vector(2, 2)),
          row(sink, "partial", 3, "three", vector(3, 3, 3), null));
      sink.write(
          row(sink, "partial", 1, "ONE", ABSENT, vector(0, 1)),
          row(sink, "partial", 2, null, ABSENT, ABSENT),
          row(sink, "partial", 3, UnavailableValue.TEXT, null, ABSENT));
      assertThat(rows(sql, "partial"))
          .containsExactly("1|ONE|[1,1,1]|[0,1]", "2|null|[2,2,2]|[2,2]", "3|three|null|null");
      sink.write(row(sink, "partial", 1, "ONE", ABSENT, ABSENT)); // it says what is there
      assertThat(sink.errant).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void changesOfOneKeyInOneBatchAddUp(Target target) throws Exception {
    SqlTarget sql = target.sql();
    try (SinkHarness sink = sql.sink("adds_up")) {
      sink.write(
          row(sink, "adds_up", 4, "four", vector(4, 4, 4), vector(4, 4)),
          row(sink, "adds_up", 5, "five", vector(5, 5, 5), vector(5, 5)));
      sink.write(
          // Whole, then parts of it, in turn.
          row(sink, "adds_up", 1, "first", vector(1, 1, 1), vector(1, 1)),
          row(sink, "adds_up", 1, "second", ABSENT, vector(1, 2)),
          row(sink, "adds_up", 1, "third", vector(1, 2, 3), ABSENT),
          row(sink, "adds_up", 1, null, ABSENT, ABSENT),
          // A part, then whole.
          row(sink, "adds_up", 4, "part", ABSENT, vector(0, 0)),
          row(sink, "adds_up", 4, "whole", vector(4, 0, 4), null),
          // Parts of different columns of a row that is in the target.
          row(sink, "adds_up", 5, "a", ABSENT, vector(5, 6)),
          row(sink, "adds_up", 5, "b", vector(6, 6, 6), ABSENT),
          row(sink, "adds_up", 5, "c", ABSENT, vector(7, 7)),
          // Gone and back.
          row(sink, "adds_up", 2, "two", vector(2, 2, 2), vector(2, 2)),
          tombstone(sink, "adds_up", 2),
          row(sink, "adds_up", 2, "back", vector(2, 2, 0), vector(2, 0)),
          row(sink, "adds_up", 2, "again", ABSENT, ABSENT),
          // Part, then gone.
          row(sink, "adds_up", 3, "three", vector(3, 3, 3), vector(3, 3)),
          row(sink, "adds_up", 3, "part", ABSENT, ABSENT),
          tombstone(sink, "adds_up", 3));
      assertThat(sink.errant).isEmpty();
      assertThat(rows(sql, "adds_up"))
          .containsExactly(
              "1|null|[1,2,3]|[1,2]",
              "2|again|[2,2,0]|[2,0]",
              "4|whole|[4,0,4]|null",
              "5|c|[6,6,6]|[7,7]");
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void anUpdateOfARowThatIsNotThereIsRefused(Target target) throws Exception {
    SqlTarget sql = target.sql();
    try (SinkHarness sink = sql.sink("missing")) {
      sink.write(row(sink, "missing", 7, "before the table", ABSENT, vector(1, 1)));
      sink.write(row(sink, "missing", 1, "one", vector(1, 1, 1), null));
      sink.write(
          row(sink, "missing", 1, "ONE", ABSENT, null),
          row(sink, "missing", 2, "nobody", ABSENT, null),
          row(sink, "missing", 3, "three", vector(3, 3, 3), null),
          row(sink, "missing", 4, "nobody", vector(4, 4, 4), ABSENT),
          tombstone(sink, "missing", 5),
          row(sink, "missing", 5, "nobody", ABSENT, ABSENT));
      assertThat(rows(sql, "missing"))
          .containsExactly("1|ONE|[1,1,1]|null", "3|three|[3,3,3]|null");
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.key()).getInt64("id"))
          .containsExactlyInAnyOrder(7L, 2L, 4L, 5L);
      assertThat(sink.reasons())
          .allSatisfy(
              reason -> assertThat(reason).contains("no row of this key", "REPLICA IDENTITY FULL"));
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void fieldsThatAreNoColumnsMayBeAbsent(Target target) throws Exception {
    SqlTarget sql = target.sql();
    try (SinkHarness sink = sql.sink("left_out", "fields.exclude", "v", "insert.mode", "insert")) {
      sink.write(
          row(sink, "left_out", 1, "one", ABSENT, null),
          row(sink, "left_out", 2, "two", ABSENT, ABSENT));
      assertThat(sql.rows("SELECT id, label, w FROM left_out")).containsExactly("1|one|null");
      assertThat(sink.reasons()).singleElement().asString().contains("insert.mode=upsert");
    }
  }
}
