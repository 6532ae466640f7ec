package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.data.Envelope;
import io.debezium.data.vector.DoubleVector;
import io.debezium.data.vector.FloatVector;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.datavec.sink.DataVecSinkTask;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkTask;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every form in which Debezium's connectors for MySQL's binlog can publish a vector, in envelopes
 * that Debezium's own builders make, written by each sink.
 */
@Services(
    alone = {MILVUS, OCEANBASE},
    shared = POSTGRESQL)
@Timeout(120)
class DebeziumMySqlIT {
  private static final float[] ELEMENTS = {0.1f, -2.5f, 1e-7f};
  private static final String TEXT = "[0.1,-2.5,1e-7]";
  private static final byte[] PACKED = PackedVector.ofFloats(ELEMENTS).bytes();

  private static final Schema KEY =
      SchemaBuilder.struct().name("ob.shop.items.Key").field("id", Schema.INT64_SCHEMA).build();
  private static final Schema SOURCE =
      SchemaBuilder.struct()
          .name("io.debezium.connector.mysql.Source")
          .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  enum Form {
    /** A VECTOR column of MySQL 9. */
    FLOAT_VECTOR,
    /** What pgvector's column is. */
    DOUBLE_VECTOR,
    /** VARBINARY or BLOB with the float32 elements. */
    BYTES,
    /** VARBINARY or BLOB with text. */
    BYTES_OF_TEXT,
    /** VARCHAR or TEXT. */
    TEXT;

    Schema schema() {
      SchemaBuilder builder =
          switch (this) {
            case FLOAT_VECTOR -> FloatVector.builder();
            case DOUBLE_VECTOR -> DoubleVector.builder();
            case BYTES, BYTES_OF_TEXT -> SchemaBuilder.bytes();
            case TEXT -> SchemaBuilder.string();
          };
      return builder.optional().build();
    }

    Object vector() {
      return switch (this) {
        case FLOAT_VECTOR -> FloatVector.fromLogical(schema(), ELEMENTS);
        case DOUBLE_VECTOR -> DoubleVector.fromLogical(schema(), DebeziumMySqlIT.TEXT);
        case BYTES -> ByteBuffer.wrap(PACKED);
        case BYTES_OF_TEXT ->
            ByteBuffer.wrap(DebeziumMySqlIT.TEXT.getBytes(StandardCharsets.US_ASCII));
        case TEXT -> DebeziumMySqlIT.TEXT;
      };
    }

    /** The topic, and by it the table. */
    String topic() {
      return "dbz_" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** Creates rows 1 to 3, changes 2, and deletes 3. */
  private static void write(SinkHarness sink, Form form) throws Exception {
    Schema row =
        SchemaBuilder.struct()
            .name("ob.shop.items.Value")
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("v", form.schema())
            .build();
    Envelope envelope =
        Envelope.defineSchema()
            .withName("ob.shop.items.Envelope")
            .withRecord(row)
            .withSource(SOURCE)
            .build();
    Struct source = new Struct(SOURCE).put("snapshot", "false");
    try (sink) {
      for (long id = 1; id <= 3; id++) {
        put(sink, form, envelope, id, envelope.create(row(row, id, form), source, Instant.now()));
      }
      Struct after = row(row, 2, form);
      put(sink, form, envelope, 2, envelope.update(after, after, source, Instant.now()));
      put(sink, form, envelope, 3, envelope.delete(row(row, 3, form), source, Instant.now()));
      sink.flush();
      assertThat(sink.reasons()).isEmpty();
    }
  }

  private static Struct row(Schema schema, long id, Form form) {
    return new Struct(schema).put("id", id).put("v", form.vector());
  }

  private static void put(SinkHarness sink, Form form, Envelope envelope, long id, Struct value)
      throws Exception {
    Struct key = new Struct(KEY).put("id", id);
    sink.put(sink.record(form.topic(), KEY, key, envelope.schema(), value));
  }

  private static Map<String, String> declared(Map<String, String> config) {
    config.put("vector.fields", "v:3");
    return config;
  }

  @ParameterizedTest
  @EnumSource
  void oceanBaseHoldsTheSameBits(Form form) throws Exception {
    OceanBase sql = OceanBase.database("debezium_mysql");
    write(new SinkHarness(new OceanBaseSinkTask(), declared(sql.sinkConfig(form.topic()))), form);
    assertThat(
            sql.rows(
                "SELECT id, v = %s FROM %s ORDER BY id"
                    .formatted(OceanBase.literal(PACKED), form.topic())))
        .containsExactly("1|1", "2|1");
  }

  @ParameterizedTest
  @EnumSource
  void postgresqlHoldsTheSameBits(Form form) throws Exception {
    Sql sql = Sql.postgresql();
    write(new SinkHarness(new DataVecSinkTask(), declared(sql.sinkConfig(form.topic()))), form);
    assertThat(
            sql.rows(
                "SELECT id, v = '%s'::vector(3) FROM %s ORDER BY id".formatted(TEXT, form.topic())))
        .containsExactly("1|t", "2|t");
  }

  @ParameterizedTest
  @EnumSource
  void milvusHoldsTheSameBits(Form form) throws Exception {
    MilvusCollections milvus = new MilvusCollections();
    try {
      write(
          new SinkHarness(
              new MilvusSinkTask(),
              declared(MilvusCollections.sinkConfig("it-" + form.topic(), form.topic()))),
          form);
      List<Map<String, Object>> rows =
          new MilvusRows(milvus.client()).query(form.topic(), "id > 0");
      assertThat(rows).extracting(row -> row.get("id")).containsExactlyInAnyOrder(1L, 2L);
      assertThat(rows)
          .extracting(row -> row.get("v"))
          .containsOnly(List.of(ELEMENTS[0], ELEMENTS[1], ELEMENTS[2]));
    } finally {
      milvus.drop(form.topic());
      milvus.close();
    }
  }
}
