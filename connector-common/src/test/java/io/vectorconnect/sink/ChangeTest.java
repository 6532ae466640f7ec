package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.sink.Change.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeTest {
  private static final Schema ROW =
      SchemaBuilder.struct().optional().field("id", Schema.INT64_SCHEMA).build();
  private static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .name("server.public.docs.Envelope")
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  private static Change of(Schema schema, Object value) {
    return Change.of(new SinkRecord("t", 0, null, null, schema, value, 0));
  }

  private static Struct row(long id) {
    return new Struct(ROW).put("id", id);
  }

  @ParameterizedTest
  @CsvSource({"c, UPSERT, 2", "r, UPSERT, 2", "u, UPSERT, 2", "d, DELETE, 1"})
  void ofDebeziumsEnvelopeTheImageThatCounts(String op, Kind kind, long id) {
    Struct envelope = new Struct(ENVELOPE).put("op", op).put("before", row(1)).put("after", row(2));
    assertThat(of(ENVELOPE, envelope))
        .extracting(Change::kind, Change::row, Change::schema)
        .containsExactly(kind, row(id), ROW);
    Map<String, Object> json =
        Map.of("op", op, "source", Map.of(), "before", Map.of("id", 1L), "after", Map.of("id", 2L));
    assertThat(of(null, json))
        .extracting(Change::kind, Change::row, Change::schema)
        .containsExactly(kind, Map.of("id", id), null);
  }

  @Test
  void tellsWhichFieldsAreAbsentWhichIsNotNull() {
    Schema schema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("text", Schema.OPTIONAL_STRING_SCHEMA)
            .field("bytes", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();
    Struct row = new Struct(schema).put("id", 1L).put("bytes", UnavailableValue.bytes());
    Change change = of(schema, row);
    assertThat(change.absent()).containsExactly("bytes");
    assertThat(RecordField.absentOfRow(change))
        .extracting(RecordField::name)
        .containsExactly("bytes");
    assertThat(of(null, Map.of("id", 1, "text", UnavailableValue.TEXT)).absent())
        .containsExactly("text");
    assertThat(of(schema, new Struct(schema).put("id", 1L)).absent()).isEmpty();
    assertThat(of(null, null).absent()).isEmpty();
  }

  @Test
  void aNullIsNotReplacedByTheDefault() {
    Schema schema =
        SchemaBuilder.struct()
            .field("optional", SchemaBuilder.string().optional().defaultValue("default").build())
            .field("required", SchemaBuilder.string().defaultValue("default").build())
            .build();
    Change change = of(schema, new Struct(schema));
    assertThat(RecordField.ofRow(change))
        .extracting(field -> field.extractor().get(change))
        .containsExactly(null, "default");
  }

  @Test
  void truncationsAndMessagesHaveNoRow() {
    assertThat(of(ENVELOPE, new Struct(ENVELOPE).put("op", "t")).kind()).isEqualTo(Kind.TRUNCATE);
    assertThat(of(ENVELOPE, new Struct(ENVELOPE).put("op", "m")).kind()).isEqualTo(Kind.NOTHING);
    assertThatThrownBy(() -> of(ENVELOPE, new Struct(ENVELOPE).put("op", "x")))
        .isInstanceOf(DataException.class);
  }

  @Test
  void anUpdateWithoutTheRowIsRefused() {
    assertThatThrownBy(() -> of(ENVELOPE, new Struct(ENVELOPE).put("op", "u")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not hold the row");
    Map<String, Object> event = new HashMap<>();
    event.put("operationType", "update");
    event.put("documentKey", Map.of("_id", 1L));
    event.put("fullDocument", null);
    assertThatThrownBy(() -> of(null, event))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("change.stream.full.document=updateLookup");
  }

  @Test
  void aDeleteWithoutItsImageIsADeleteByKey() {
    Change change = of(ENVELOPE, new Struct(ENVELOPE).put("op", "d"));
    assertThat(change)
        .extracting(Change::kind, Change::row, Change::schema)
        .containsExactly(Kind.DELETE, null, null);
    assertThat(of(null, null).kind()).isEqualTo(Kind.DELETE);
  }

  @Test
  void flattenedDeletesAreDeletes() {
    Schema schema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("__deleted", Schema.STRING_SCHEMA)
            .build();
    for (String deleted : new String[] {"true", "false"}) {
      Kind kind = deleted.equals("true") ? Kind.DELETE : Kind.UPSERT;
      Struct row = new Struct(schema).put("id", 1L).put("__deleted", deleted);
      assertThat(of(schema, row).kind()).isEqualTo(kind);
      assertThat(of(null, Map.of("id", 1L, "__deleted", deleted)).kind()).isEqualTo(kind);
      assertThat(RecordField.ofRow(of(schema, row)))
          .extracting(RecordField::name)
          .containsExactly("id");
    }
  }

  @Test
  void mongoDbsEventsAreTakenApart() {
    Map<String, Object> key = Map.of("_id", 1L);
    Map<String, Object> document = Map.of("_id", 1L, "a", 2L);
    assertThat(
            of(
                null,
                Map.of("operationType", "replace", "documentKey", key, "fullDocument", document)))
        .extracting(Change::kind, Change::row)
        .containsExactly(Kind.UPSERT, document);
    assertThat(of(null, Map.of("operationType", "delete", "documentKey", key)))
        .extracting(Change::kind, Change::row)
        .containsExactly(Kind.DELETE, key);
    assertThat(of(null, Map.of("operationType", "drop", "documentKey", key)).kind())
        .isEqualTo(Kind.NOTHING);
  }

  @Test
  void aRowWithAColumnCalledOpIsARow() {
    Schema schema = SchemaBuilder.struct().name("Row").field("op", Schema.STRING_SCHEMA).build();
    assertThat(of(schema, new Struct(schema).put("op", "d")).kind()).isEqualTo(Kind.UPSERT);
    assertThat(of(null, Map.of("op", "d", "after", "x")).kind()).isEqualTo(Kind.UPSERT);
  }

  @Test
  void anythingElseIsRefusedByItsType() {
    assertThatThrownBy(() -> of(Schema.STRING_SCHEMA, "secret"))
        .isInstanceOf(DataException.class)
        .hasMessage("expected a struct or a JSON object as the record's value, got a String");
  }

  @Test
  void whatOnlyLooksLikeAnEnvelopeIsTheRecordsOwnError() {
    for (Map<String, ?> value :
        List.of(
            Map.of("op", "c", "source", "web", "after", "noon"),
            Map.of("operationType", "insert", "documentKey", "k", "fullDocument", "text"),
            Map.of("operationType", "delete", "documentKey", "k"))) {
      assertThatThrownBy(() -> of(null, value))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("looks like a change event")
          .hasMessageNotContaining("noon");
    }
  }
}
