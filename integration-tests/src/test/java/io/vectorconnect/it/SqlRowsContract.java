package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.KEY;
import static io.vectorconnect.it.SinkRecords.key;
import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.shortRow;
import static io.vectorconnect.it.SinkRecords.tombstone;
import static io.vectorconnect.it.SinkRecords.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** What every SQL sink promises about rows, keys, errors and restarts. */
interface SqlRowsContract extends SqlSinkContract {
  Schema MAIL =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("mail", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private static SinkRecord mail(SinkHarness sink, String topic, long id, String mail) {
    Struct value = new Struct(MAIL).put("id", id).put("mail", mail);
    return sink.record(topic, KEY, key(id), MAIL, value);
  }

  @Test
  default void lastChangeOfAKeyWinsWithinABatchAndAcrossBatches() throws Exception {
    try (SinkHarness sink = sink("order")) {
      sink.write(
          row(sink, "order", 1, "first", 1, 1, 1),
          row(sink, "order", 2, "stays", 2, 2, 2),
          row(sink, "order", 1, "second", 1, 2, 3),
          row(sink, "order", 3, "goes", 3, 3, 3),
          tombstone(sink, "order", 3),
          tombstone(sink, "order", 4),
          row(sink, "order", 4, "returns", 4, 4, 4));
      assertThat(rows("order"))
          .containsExactly("1|second|[1,2,3]", "2|stays|[2,2,2]", "4|returns|[4,4,4]");
      sink.write(tombstone(sink, "order", 1), row(sink, "order", 2, null, 0.5f, -0.0f, 1));
      assertThat(rows("order")).containsExactly("2|null|[0.5,-0,1]", "4|returns|[4,4,4]");
    }
  }

  @Test
  default void aDeleteBeforeTheTableExistsHidesNoLaterOne() throws Exception {
    try (SinkHarness sink = sink("early")) {
      sink.write(tombstone(sink, "early", 1));
      sink.write(row(sink, "early", 1, "a", 1, 1, 1), row(sink, "early", 2, "b", 2, 2, 2));
      sink.write(tombstone(sink, "early", 1));
      assertThat(rows("early")).containsExactly("2|b|[2,2,2]");
    }
  }

  @Test
  default void theWholeTopicAgainChangesNothing() throws Exception {
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = sink("again", "batch.max.rows", "7")) {
      for (int i = 0; i < 100; i++) {
        topic.add(row(sink, "again", i % 30, "change " + i, i, i, i));
        if (i % 11 == 0) {
          topic.add(tombstone(sink, "again", i % 30));
        }
      }
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    List<String> once = rows("again");
    try (SinkHarness sink = sink("again", "batch.max.rows", "13")) {
      sink.write(topic.toArray(SinkRecord[]::new));
    }
    assertThat(rows("again")).isEqualTo(once);
    assertThat(once).hasSizeBetween(20, 30);
  }

  @Test
  default void badRecordsGoToTheDeadLetterQueueWithPlaceAndReasonAndTheOthersLand()
      throws Exception {
    sql()
        .execute(
            "CREATE TABLE bad (id bigint PRIMARY KEY, label varchar(10) CHECK (label <> 'forbidden'),"
                + " v vector(3))");
    try (SinkHarness sink = sink("bad")) {
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        records.add(row(sink, "bad", i, "fine", i, i, i));
      }
      records.add(10, shortRow(sink, "bad", 100));
      records.add(20, row(sink, "bad", 101, "not finite", 1, Float.NaN, 2));
      records.add(30, row(sink, "bad", 102, "forbidden", 1, 2, 3));
      records.add(40, row(sink, "bad", 103, "longer than ten", 1, 2, 3));
      records.add(45, row(sink, "bad", 104, "half \uD83D", 1, 2, 3));
      records.add(47, row(sink, "bad", 105, "torn", 1, 2));
      sink.write(records.toArray(SinkRecord[]::new));

      assertThat(sql().count("bad")).isEqualTo(50);
      assertThat(sink.errant.keySet().stream().map(r -> ((Struct) r.key()).getInt64("id")))
          .containsExactlyInAnyOrder(100L, 101L, 102L, 103L, 104L, 105L);
      assertThat(sink.reasons())
          .allMatch(reason -> reason.contains("topic bad, partition 0, offset 5"))
          .anyMatch(
              reason ->
                  reason.contains("column v (" + sql().type("vector(3)") + ") of table bad")
                      && reason.contains("expected a vector of dimension 3, got 2"))
          .anyMatch(reason -> reason.contains("of dimension 3 in 12 bytes, got 8 bytes"))
          .anyMatch(reason -> reason.contains("element 1 of the vector is NaN or infinite"))
          .anyMatch(reason -> reason.contains("half a surrogate pair at position 5"))
          .anyMatch(reason -> reason.matches("(?s).*(SQLState 23514|error 3819).*"))
          .anyMatch(
              reason ->
                  reason.contains(
                      "15 characters, more than " + sql().type("character varying(10)")))
          .noneMatch(reason -> reason.contains("forbidden") || reason.contains("longer than"));
    }
  }

  @Test
  default void withoutDeadLetterQueueTheTaskFailsAndCommitsNothingBeyond() throws Exception {
    try (SinkHarness sink = new SinkHarness(sql().task(), sql().sinkConfig("strict"), false)) {
      sink.write(row(sink, "strict", 1, "fine", 1, 2, 3));
      SinkRecord bad = shortRow(sink, "strict", 2);
      assertThatThrownBy(() -> sink.put(bad))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("topic strict, partition 0, offset 1")
          .hasMessageContaining("expected a vector of dimension 3, got 2")
          .hasMessageContaining("errors.deadletterqueue.topic.name");
      assertThat(sink.commit().get(new TopicPartition("strict", 0)).offset()).isEqualTo(1);
      assertThat(sql().count("strict")).isEqualTo(1);
    }
  }

  @Test
  default void insertModeAppendsAndRefusesDeletes() throws Exception {
    sql().execute("CREATE TABLE appended (id bigint, label text, v vector(3))");
    try (SinkHarness sink = sink("appended", "insert.mode", "insert", "pk.mode", "none")) {
      sink.write(
          row(sink, "appended", 1, "a", 1, 1, 1),
          row(sink, "appended", 1, "b", 2, 2, 2),
          tombstone(sink, "appended", 1));
      assertThat(rows("appended")).containsExactlyInAnyOrder("1|a|[1,1,1]", "1|b|[2,2,2]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("a delete needs insert.mode=upsert");
    }
  }

  @Test
  default void anotherUniqueKeyNeverLetsARowChangeAnotherOne() throws Exception {
    sql()
        .execute(
            "CREATE TABLE doubly (id bigint PRIMARY KEY, label varchar(20) UNIQUE, v vector(3))");
    try (SinkHarness sink = sink("doubly")) {
      sink.write(
          row(sink, "doubly", 1, "one", 1, 1, 1),
          row(sink, "doubly", 2, "two", 2, 2, 2),
          row(sink, "doubly", 3, "one", 3, 3, 3),
          row(sink, "doubly", 2, "again", 4, 4, 4));
      assertThat(rows("doubly")).containsExactly("1|one|[1,1,1]", "2|again|[4,4,4]");
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("offset 2")
          .containsPattern("SQLState 23505|Duplicate entry for key")
          .doesNotContainPattern("\\Wone\\W");
    }
  }

  @Test
  default void compositeKeysAndAllKeyColumnsAreUpserted() throws Exception {
    Schema composite =
        SchemaBuilder.struct()
            .field("tenant", Schema.STRING_SCHEMA)
            .field("id", Schema.INT64_SCHEMA)
            .build();
    try (SinkHarness sink = sink("composite")) {
      Struct key = new Struct(composite).put("tenant", "é").put("id", 1L);
      Struct other = new Struct(composite).put("tenant", "É").put("id", 1L);
      sink.write(
          sink.record("composite", composite, key, composite, key),
          sink.record("composite", composite, other, composite, other),
          sink.record("composite", composite, key, composite, key));
      sink.write(sink.record("composite", composite, key, composite, key));
      assertThat(sql().count("composite")).isEqualTo(2);
      sink.write(sink.record("composite", composite, key, null, null));
      assertThat(sql().rows("SELECT tenant, id FROM composite")).containsExactly("É|1");
    }
  }

  /** Each a row of its own; a database that cannot tell a text from another refuses it. */
  @Test
  default void keysThatDifferByCaseAccentOrSpacesAreNeverOne() throws Exception {
    Schema text = SchemaBuilder.struct().field("k", Schema.STRING_SCHEMA).build();
    Schema row = SchemaBuilder.struct().field("n", Schema.INT32_SCHEMA).build();
    try (SinkHarness sink = sink("keys_apart")) {
      for (String key : List.of("a", "A", "á", " a", "a ")) {
        Struct value = new Struct(row).put("n", key.codePointAt(0));
        sink.put(sink.record("keys_apart", text, new Struct(text).put("k", key), row, value));
      }
      sink.flush();
      List<String> rows = sql().rows("SELECT k, n FROM keys_apart");
      assertThat(rows).contains("a|97", "A|65", "á|225", " a|32");
      if (rows.size() == 5) {
        assertThat(rows).contains("a |97");
        assertThat(sink.reasons()).isEmpty();
      } else {
        assertThat(rows).hasSize(4);
        assertThat(sink.reasons()).singleElement().asString().contains("ends with a space");
      }
    }
  }

  @Test
  default void changesOfAKeyWithOtherColumnsComeToTheSameInOneBatchAsInTwo() throws Exception {
    Schema few =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    sql()
        .execute(
            "CREATE TABLE columns (id bigint PRIMARY KEY, label varchar(20), v vector(3))",
            "INSERT INTO columns VALUES (2, 'old', '[9,9,9]'), (3, 'old', '[9,9,9]')");
    try (SinkHarness sink = sink("columns")) {
      sink.write(
          row(sink, "columns", 1, "a", 1, 1, 1),
          sink.record("columns", KEY, key(1), few, new Struct(few).put("id", 1L).put("label", "b")),
          tombstone(sink, "columns", 2),
          sink.record("columns", KEY, key(2), few, new Struct(few).put("id", 2L).put("label", "c")),
          tombstone(sink, "columns", 3),
          row(sink, "columns", 3, "d", 3, 3, 3));
      assertThat(sink.reasons()).isEmpty();
      assertThat(rows("columns")).containsExactly("1|b|[1,1,1]", "2|c|null", "3|d|[3,3,3]");
    }
  }

  @Test
  default void ofTwoChangesOfAKeyTheGoodOneLandsAndTheRefusedOneIsReported() throws Exception {
    sql()
        .execute(
            "CREATE TABLE halves (id bigint PRIMARY KEY, label varchar(20) CHECK (label <> 'bad'), v"
                + " vector(3))");
    try (SinkHarness sink = sink("halves")) {
      sink.write(
          row(sink, "halves", 1, "good", 1, 1, 1),
          row(sink, "halves", 2, "bad", 2, 2, 2),
          row(sink, "halves", 3, "good", 3, 3, 3),
          row(sink, "halves", 1, "bad", 2, 2, 2),
          row(sink, "halves", 2, "good", 3, 3, 3),
          row(sink, "halves", 3, "bad", 0, 0, 0),
          row(sink, "halves", 3, "better", 4, 4, 4));
      assertThat(rows("halves"))
          .containsExactly("1|good|[1,1,1]", "2|good|[3,3,3]", "3|better|[4,4,4]");
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.value()).getInt64("id"))
          .contains(1L);
      assertThat(sink.reasons()).allMatch(reason -> reason.contains("halves"));
    }
  }

  @Test
  default void aUniqueValueThatGoesFromRowToRowArrives() throws Exception {
    sql()
        .execute(
            "CREATE TABLE mails (id bigint PRIMARY KEY, mail varchar(20) UNIQUE)",
            "INSERT INTO mails VALUES (1, 'x'), (3, 'p'), (4, 'q'), (6, 'late')");
    try (SinkHarness sink = sink("mails")) {
      sink.write(
          mail(sink, "mails", 2, "y"),
          tombstone(sink, "mails", 1),
          mail(sink, "mails", 2, "x"),
          // In turn, by way of a third value.
          mail(sink, "mails", 3, "t"),
          mail(sink, "mails", 4, "p"),
          mail(sink, "mails", 3, "q"),
          // The change that makes room comes later, from another partition.
          mail(sink, "mails", 5, "late"),
          mail(sink, "mails", 6, "other"));
      assertThat(sink.reasons()).isEmpty();
      assertThat(sql().rows("SELECT id, mail FROM mails ORDER BY id"))
          .containsExactly("2|x", "3|q", "4|p", "5|late", "6|other");
      sink.write(mail(sink, "mails", 7, "x"), mail(sink, "mails", 8, "z"));
      assertThat(sink.errant.keySet())
          .extracting(record -> ((Struct) record.value()).getInt64("id"))
          .containsExactly(7L);
      assertThat(sql().value("SELECT mail FROM mails WHERE id = 8")).isEqualTo("z");
    }
  }

  @Test
  default void debeziumsEnvelopesAreTakenAsTheyCome() throws Exception {
    Schema row =
        SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                "v",
                SchemaBuilder.array(Schema.FLOAT64_SCHEMA)
                    .name("io.debezium.data.DoubleVector")
                    .optional()
                    .build())
            .build();
    Schema envelope =
        SchemaBuilder.struct()
            .name("db.public.docs.Envelope")
            .field("before", row)
            .field("after", row)
            .field("op", Schema.STRING_SCHEMA)
            .build();
    try (SinkHarness sink = sink("enveloped", "vector.fields", "v:2")) {
      for (String step : List.of("r1", "c2", "u1", "c3", "d2", "m0")) {
        long id = Long.parseLong(step.substring(1));
        Struct image =
            new Struct(row).put("id", id).put("label", step).put("v", List.of(1d, (double) id));
        boolean gone = step.startsWith("d");
        Struct value = new Struct(envelope).put("op", step.substring(0, 1));
        if (!step.startsWith("m")) {
          value.put(gone ? "before" : "after", image);
        }
        sink.put(sink.record("enveloped", KEY, key(id), envelope, value));
      }
      sink.put(tombstone(sink, "enveloped", 2));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(rows("enveloped")).containsExactly("1|u1|[1,1]", "3|c3|[1,3]");

      sink.write(
          sink.record("enveloped", null, null, envelope, new Struct(envelope).put("op", "t")),
          shortRow(sink, "other", 9));
      assertThat(sql().count("enveloped")).isZero();
      assertThat(sql().count("other")).isEqualTo(1);
    }
  }

  private static SinkRecord document(SinkHarness sink, Map<String, ?> value) {
    return sink.record("documents", null, null, null, value);
  }

  private static Map<String, Object> id(String id) {
    return Map.of("_id", Map.of("$oid", id));
  }

  @Test
  default void documentsWithoutSchemaAreMappedAsDeclared() throws Exception {
    Map<String, Object> document =
        Map.of(
            "_id", Map.of("$oid", "64b1"),
            "meta", Map.of("title", "Zwölf", "author", "x"),
            "embedding", List.of(1L, 2.5, 3L),
            "price", 9.99,
            "extra", Map.of("k", List.of(1L)),
            "secret", "s");
    Map<String, Object> truncate = new HashMap<>();
    truncate.put("op", "t");
    truncate.put("source", Map.of());
    truncate.put("after", null);
    String[] config = {
      "pk.mode",
      "record_value",
      "pk.fields",
      "id",
      "fields.mapping",
      "_id.$oid:id,meta.title:title",
      "fields.exclude",
      "secret",
      "vector.fields",
      "embedding:3",
      "column.types",
      "id:varchar(24),title:varchar(50),price:numeric(10.2),extra:" + sql().type("jsonb")
    };
    String rows = "SELECT id, title, embedding, price, extra FROM documents";
    String row = "64b1|Zwölf|[1,2.5,3]|9.99|{\"k\": [1]}";
    try (SinkHarness sink = sink("documents", config)) {
      sink.write(
          document(
              sink,
              Map.of(
                  "operationType", "insert", "documentKey", id("64b1"), "fullDocument", document)),
          document(sink, Map.of("operationType", "delete", "documentKey", id("gone"))));
      assertThat(sql().rows(rows)).containsExactly(row);
      sink.write(document(sink, Map.of("operationType", "delete", "documentKey", id("64b1"))));
      assertThat(sql().rows(rows)).isEmpty();
      sink.write(document(sink, document));
      assertThat(sql().rows(rows)).containsExactly(row);
      sink.write(document(sink, truncate));
      assertThat(sql().rows(rows)).isEmpty();
      assertThat(sink.reasons()).isEmpty();
    }
  }

  private static SinkRecord furniture(SinkHarness sink, String topic, Object... fields) {
    Map<String, Object> value = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      value.put((String) fields[i], fields[i + 1]);
    }
    return sink.record(topic, null, null, null, value);
  }

  private void createFurniture(String table) throws Exception {
    sql()
        .execute(
            ("CREATE TABLE %s (id bigint PRIMARY KEY, title varchar(20), discount varchar(20),"
                    + " kind varchar(20) DEFAULT 'none', stock int, remark varchar(20))")
                .formatted(table),
            "INSERT INTO %s VALUES (1, 'old', '10%%', 'old', 1, 'mine'), (2, 'old', '10%%', 'old', 1, 'mine')"
                .formatted(table));
  }

  private List<String> furniture(String table) throws Exception {
    return sql().rows("SELECT * FROM " + table + " ORDER BY id");
  }

  @Test
  default void aDocumentReplacesItsWholeRow() throws Exception {
    String topic = "whole_documents";
    String[] config = {"pk.mode", "record_value", "pk.fields", "id", "fields.exclude", "remark"};
    createFurniture(topic);
    try (SinkHarness sink = sink(topic, config)) {
      sink.write(furniture(sink, topic, "id", 1, "title", "chair"));
      assertThat(furniture(topic))
          .containsExactly("1|chair|null|none|null|mine", "2|old|10%|old|1|mine");
      sink.write( // with more fields and with fewer, in one batch
          furniture(sink, topic, "id", 1, "title", "chair", "discount", "5%", "kind", "k"),
          furniture(sink, topic, "discount", "5%", "id", 2, "kind", "k", "stock", 4),
          furniture(sink, topic, "id", 3, "stock", 7),
          furniture(sink, topic, "id", 1, "stock", 3),
          furniture(sink, topic, "id", 4, "kind", "k", "title", "t"),
          furniture(sink, topic, "id", 4, "title", "table"));
      assertThat(furniture(topic))
          .containsExactly(
              "1|null|null|none|3|mine",
              "2|null|5%|k|4|mine",
              "3|null|null|none|7|null",
              "4|table|null|none|null|null");
      Map<String, Object> replaced =
          Map.of(
              "operationType",
              "replace",
              "documentKey",
              Map.of("id", 2),
              "fullDocument",
              Map.of("id", 2, "title", "sofa"));
      sink.write(sink.record(topic, null, null, null, replaced));
      assertThat(furniture(topic)).contains("2|sofa|null|none|null|mine");
      assertThat(sink.reasons()).isEmpty();
    }
  }

  @Test
  default void aPartialDocumentLeavesTheOtherColumnsAlone() throws Exception {
    String topic = "partial_documents";
    String[] config = {
      "pk.mode", "record_value", "pk.fields", "id", "schemaless.records", "partial"
    };
    createFurniture(topic);
    try (SinkHarness sink = sink(topic, config)) {
      sink.write(
          furniture(sink, topic, "id", 1, "title", "chair"),
          furniture(sink, topic, "id", 2, "stock", 5),
          furniture(sink, topic, "id", 3, "stock", 5));
      assertThat(furniture(topic))
          .containsExactly(
              "1|chair|10%|old|1|mine", "2|old|10%|old|5|mine", "3|null|null|none|5|null");
      assertThat(sink.reasons()).isEmpty();
    }
  }

  private SinkHarness exactlyOnce(String topic) {
    return sink(
        topic, "delivery.guarantee", "exactly_once", "insert.mode", "insert", "pk.mode", "none");
  }

  @Test
  default void exactlyOnceGoesOnFromTheTargetsPositionsWhateverIsDelivered() throws Exception {
    sql().execute("CREATE TABLE exact (id bigint, label text, v vector(3))");
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = exactlyOnce("exact")) {
      for (int i = 0; i < 40; i++) {
        topic.add(row(sink, "exact", i, "row", i, i, i));
      }
      topic.add(25, row(sink, "exact", 99, "not finite", Float.NaN, 1, 1));
      sink.write(topic.subList(0, 20).toArray(SinkRecord[]::new));
    }
    try (SinkHarness again = exactlyOnce("exact")) {
      again.put(topic); // from the start: passed over, the consumer is set to 20
      assertThat(again.setTo).containsExactly(Map.entry(new TopicPartition("exact", 0), 20L));
      again.write(topic.subList(20, topic.size()).toArray(SinkRecord[]::new));
      assertThat(again.errant).hasSize(1);
    }
    assertThat(sql().value("SELECT count(*), count(DISTINCT id) FROM exact")).isEqualTo("40|40");
  }

  @Test
  default void ofTwoTasksThatBelieveToOwnAPartitionOnlyOneWrites() throws Exception {
    sql().execute("CREATE TABLE fenced (id bigint, label text, v vector(3))");
    try (SinkHarness zombie = exactlyOnce("fenced");
        SinkHarness owner = exactlyOnce("fenced")) {
      SinkRecord first = row(zombie, "fenced", 1, "first", 1, 1, 1);
      SinkRecord second = row(zombie, "fenced", 2, "second", 1, 1, 1);
      owner.put();
      zombie.write(first);
      owner.put(first, second); // believes to be the first one
      for (int i = 0; i < 100 && owner.setTo.isEmpty(); i++) {
        owner.put();
        owner.commit();
        Thread.sleep(20);
      }
      assertThat(owner.setTo).containsExactly(Map.entry(new TopicPartition("fenced", 0), 1L));
      owner.write(second);
    }
    assertThat(sql().rows("SELECT id FROM fenced ORDER BY id")).containsExactly("1", "2");
  }

  /**
   * As while an index is built: longer than a consumer may stay away, and than failures may last.
   */
  @Test
  default void aWriteThatWaitsDoesNotHoldTheTaskNorCountAsAFailure() throws Exception {
    sql().execute("CREATE TABLE held (id bigint PRIMARY KEY, label varchar(20), v vector(3))");
    try (SinkHarness sink = sink("held", "retry.timeout.ms", "1000");
        Connection holder = sql().open();
        Statement statement = holder.createStatement()) {
      sink.write(row(sink, "held", 1, "before", 1, 1, 1));
      holder.setAutoCommit(false);
      statement.execute("INSERT INTO held (id) VALUES (2)");
      sink.put(row(sink, "held", 2, "waits", 2, 2, 2));
      Await.until(
          "the write to wait",
          () -> {
            sink.put();
            return sql().waiting("%INTO%held") == 1;
          });
      SinkRecord unplanned = shortRow(sink, "other_than_held", 3);
      long longer = System.nanoTime() + 1_500_000_000L;
      do {
        assertThatThrownBy(() -> sink.putOnce(unplanned)).isInstanceOf(RetriableException.class);
      } while (System.nanoTime() < longer);
      holder.rollback();
      sink.write(unplanned);
      assertThat(rows("held")).containsExactly("1|before|[1,1,1]", "2|waits|[2,2,2]");
      assertThat(sql().count("other_than_held")).isEqualTo(1);
    }
  }

  @Test
  default void aRestartOfTheDatabaseInMidLoadLosesNothing() throws Exception {
    try (SinkHarness sink = sink("restart", "batch.max.rows", "500")) {
      for (int i = 0; i < 20_000; i += 100) {
        List<SinkRecord> records = new ArrayList<>();
        for (int j = i; j < i + 100; j++) {
          records.add(row(sink, "restart", j, "row " + j, j, j + 1, j + 2));
        }
        sink.put(records);
        if (i == 6_000) {
          sql().restart();
        }
      }
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
      assertThat(
              sql()
                  .value(
                      "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM restart"
                          + " WHERE label = concat('row ', id)"
                          + " AND inner_product(v, '[1,0,0]') = id AND inner_product(v, '[0,0,1]') = id + 2"))
          .isEqualTo("20000|20000|0|19999");
    }
  }

  @Test
  default void aTopicThatWasMadeAnewLosesNoRow() throws Exception {
    sql().execute("CREATE TABLE anew (id bigint, label text, v vector(3))");
    try (SinkHarness sink = exactlyOnce("anew")) {
      for (int i = 0; i < 5; i++) {
        sink.put(row(sink, "anew", i, "old", i, i, i));
      }
      sink.flush();
    }
    TopicPartition partition = new TopicPartition("anew", 0);
    List<SinkRecord> topic = new ArrayList<>();
    try (SinkHarness sink = exactlyOnce("anew")) {
      for (int i = 10; i < 20; i++) {
        topic.add(row(sink, "anew", i, "new", i, i, i));
      }
      sink.put(); // the consumer is set to the last record that was written
      assertThat(sink.setTo).containsExactly(Map.entry(partition, 4L));
      sink.put(topic.subList(4, 7));
      assertThat(sink.setTo).containsExactly(Map.entry(partition, 0L));
      sink.write(topic.toArray(SinkRecord[]::new));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(sql().value("SELECT count(*), min(id), max(id) FROM anew WHERE label = 'new'"))
        .isEqualTo("10|10|19");
  }

  @Test
  default void positionsOfAnOlderVersionAndOfLongNamesWork() throws Exception {
    String schema = "older_version";
    String[] config = {
      "table.name.format", schema + ".${topic}",
      "name", "n".repeat(300),
      "delivery.guarantee", "exactly_once",
      "insert.mode", "insert",
      "pk.mode", "none"
    };
    sql()
        .execute(
            "CREATE SCHEMA " + schema,
            "CREATE TABLE " + schema + ".continued (id bigint, label text, v vector(3))",
            "CREATE TABLE "
                + schema
                + ".vector_connect_offsets (connector varchar(255) NOT NULL,"
                + " topic varchar(255) NOT NULL, partition_id int NOT NULL,"
                + " next_offset bigint NOT NULL, PRIMARY KEY (connector, topic, partition_id))");
    for (int start = 0; start < 2; start++) {
      try (SinkHarness sink = sink("continued", config)) {
        List<SinkRecord> topic = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          topic.add(row(sink, "continued", i, "row", i, i, i));
        }
        sink.put();
        sink.write(topic.subList(start, 2 + start).toArray(SinkRecord[]::new));
      }
      if (start == 0) {
        sql().execute("UPDATE " + schema + ".vector_connect_offsets SET proof_hash = NULL");
      }
    }
    assertThat(sql().rows("SELECT id FROM " + schema + ".continued ORDER BY id"))
        .containsExactly("0", "1", "1", "2");
  }

  @Test
  default void whatConnectIsToldAboutOffsetsIsDoneToThePositions() throws Exception {
    sql().execute("CREATE TABLE told (id bigint, label text, v vector(3))");
    TopicPartition partition = new TopicPartition("told", 0);
    Map<String, String> config = sql().sinkConfig("told");
    try (SinkHarness sink = exactlyOnce("told")) {
      for (int i = 0; i < 4; i++) {
        sink.put(row(sink, "told", i, "row", i, i, i));
      }
      sink.flush();
    }
    SinkConnector connector =
        Class.forName(config.get("connector.class"))
            .asSubclass(SinkConnector.class)
            .getDeclaredConstructor()
            .newInstance();
    assertThat(connector.alterOffsets(config, Map.of(partition, 2L)))
        .as("at least once: the consumer group's offsets are all there is")
        .isFalse();
    config.put("delivery.guarantee", "exactly_once");
    assertThat(connector.alterOffsets(config, Map.of(partition, 2L))).isTrue();
    try (SinkHarness sink = exactlyOnce("told")) {
      sink.put();
      assertThat(sink.setTo).containsExactly(Map.entry(partition, 2L));
    }
    Map<TopicPartition, Long> reset = new HashMap<>();
    reset.put(partition, null);
    assertThat(connector.alterOffsets(config, reset)).isTrue();
    try (SinkHarness sink = exactlyOnce("told")) {
      sink.put();
      assertThat(sink.setTo).isEmpty();
    }
  }

  /** At least once as well: a task that stood still writes nothing over its successor's rows. */
  @Test
  default void aTaskThatStoodStillWritesNoOlderRow() throws Exception {
    String[] config = {"batch.linger.ms", "100"};
    try (SinkHarness zombie = sink("overtaken", config);
        SinkHarness owner = sink("overtaken", config)) {
      zombie.write(row(zombie, "overtaken", 1, "first", 1, 1, 1));
      SinkRecord old = row(zombie, "overtaken", 1, "old", 2, 2, 2);
      SinkRecord newer = row(zombie, "overtaken", 1, "newer", 3, 3, 3);
      zombie.putOnce(old); // and stands still
      owner.put(); // is assigned the partition
      owner.write(old, newer);
      Await.until(
          "the other one to notice",
          () -> {
            try {
              zombie.putOnce();
              return false;
            } catch (RetriableException e) {
              return e.getMessage().contains("another task");
            }
          });
      assertThat(rows("overtaken")).containsExactly("1|newer|[3,3,3]");
      zombie.put(); // Connect takes nothing from it: it takes the partition back, and goes back
      assertThat(zombie.setTo).containsExactly(Map.entry(new TopicPartition("overtaken", 0), 1L));
      zombie.write(old, newer);
      assertThat(rows("overtaken")).containsExactly("1|newer|[3,3,3]");
    }
  }

  @Test
  default void rowsThatReferToRowsOfTheSameBatchComeInAnyOrder() throws Exception {
    sql()
        .execute(
            "CREATE TABLE parents (id bigint PRIMARY KEY, label varchar(20), v vector(3))",
            "CREATE TABLE children (id bigint PRIMARY KEY, parent bigint,"
                + " FOREIGN KEY (parent) REFERENCES parents (id))");
    Schema child = SchemaBuilder.struct().field("parent", Schema.INT64_SCHEMA).build();
    try (SinkHarness sink = sink("children", "foreign.key.wait.ms", "0")) {
      List<SinkRecord> records = new ArrayList<>();
      for (long id = 0; id < 300; id++) {
        long parent = id == 7 ? 99 : id % 3;
        Struct value = new Struct(child).put("parent", parent);
        records.add(sink.record("children", KEY, key(id), child, value));
      }
      for (long id = 0; id < 3; id++) {
        records.add(row(sink, "parents", id, "parent", 1, 1, 1));
      }
      sink.write(records.toArray(SinkRecord[]::new));
      assertThat(sql().count("children")).isEqualTo(299);
      assertThat(sink.reasons())
          .singleElement()
          .asString()
          .contains("topic children, partition 0, offset 7");
      records.clear();
      for (long id = 0; id < 3; id++) { // the parents first, whose children go as well
        records.add(tombstone(sink, "parents", id));
      }
      for (long id = 0; id < 300; id++) {
        records.add(tombstone(sink, "children", id));
      }
      sink.write(records.toArray(SinkRecord[]::new));
      assertThat(sql().count("parents")).isZero();
      assertThat(sink.reasons()).hasSize(1);
    }
  }
}
