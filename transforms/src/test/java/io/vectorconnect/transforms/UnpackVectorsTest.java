package io.vectorconnect.transforms;

import static io.vectorconnect.transforms.Rows.configured;
import static io.vectorconnect.transforms.Rows.hex;
import static io.vectorconnect.transforms.Rows.packed;
import static io.vectorconnect.transforms.Rows.record;
import static io.vectorconnect.transforms.Rows.unpack;
import static io.vectorconnect.transforms.Rows.v;
import static io.vectorconnect.transforms.Rows.vSchema;
import static io.vectorconnect.transforms.Rows.valued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.data.Bits;
import io.debezium.data.Envelope;
import io.debezium.data.vector.DoubleVector;
import io.debezium.data.vector.FloatVector;
import io.debezium.data.vector.SparseDoubleVector;
import io.vectorconnect.data.UnavailableValue;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are written out, or made by Debezium. */
class UnpackVectorsTest {
  /** 0.1, -0.0, the least subnormal, the greatest float. */
  private static final String FLOATS = "cdcccc3d 00000080 01000000 ffff7f7f";

  /** 1, -0.0, the least subnormal, 65,504. */
  private static final String HALVES = "003c 0080 0100 ff7b";

  @Test
  void arraysHoldTheElementsAsTheyAre() {
    assertThat(v(unpack("array"), record(packed(VectorType.FLOAT, 4), hex(FLOATS))))
        .isEqualTo(List.of(0.1f, -0f, Float.MIN_VALUE, Float.MAX_VALUE));
    assertThat(v(unpack("array"), record(packed(VectorType.FLOAT16, 4), hex(HALVES))))
        .isEqualTo(List.of(1f, -0f, 0x1p-24f, 65_504f));
    assertThat(v(unpack("array"), record(packed(VectorType.BFLOAT16, 2), hex("803f 0100"))))
        .isEqualTo(List.of(1f, Float.intBitsToFloat(1 << 16)));
    assertThat(v(unpack("array"), record(packed(VectorType.INT8, 3), hex("80ff7f"))))
        .isEqualTo(List.of((byte) -128, (byte) -1, (byte) 127));
    assertThat(v(unpack("array"), record(packed(VectorType.BINARY, 10), hex("8040"))))
        .isEqualTo(List.of(true, false, false, false, false, false, false, false, false, true));
    assertThat(
            v(
                unpack("array"),
                record(packed(VectorType.SPARSE, 0), hex("00000000 0000003f ffffffff 00000080"))))
        .isEqualTo(Map.of(0L, 0.5f, 4_294_967_295L, -0f));
    assertThat(v(unpack("array"), record(packed(VectorType.SPARSE, 9), new byte[0])))
        .isEqualTo(Map.of());
  }

  @Test
  void arraysKeepTheirElementsTypes() {
    assertThat(
            vSchema(unpack("array"), record(packed(VectorType.FLOAT, 4), hex(FLOATS)))
                .valueSchema())
        .isEqualTo(Schema.FLOAT32_SCHEMA);
    assertThat(
            vSchema(unpack("array"), record(packed(VectorType.INT8, 1), hex("00"))).valueSchema())
        .isEqualTo(Schema.INT8_SCHEMA);
    assertThat(
            vSchema(unpack("array"), record(packed(VectorType.BINARY, 1), hex("80"))).valueSchema())
        .isEqualTo(Schema.BOOLEAN_SCHEMA);
    Schema map = vSchema(unpack("array"), record(packed(VectorType.SPARSE, 9), new byte[0]));
    assertThat(map.keySchema()).isEqualTo(Schema.INT64_SCHEMA);
    assertThat(map.valueSchema()).isEqualTo(Schema.FLOAT32_SCHEMA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FLOAT|4|cdcccc3d 00000080 01000000 ffff7f7f|[0.1,-0.0,1.4E-45,3.4028235E38]",
        "FLOAT|0|0000803f|[1.0]",
        "FLOAT16|4|003c 0080 0100 ff7b|[1.0,-0.0,5.9604645E-8,65504.0]",
        "BFLOAT16|1|803f|[1.0]",
        "INT8|3|80ff7f|[-128,-1,127]",
        "BINARY|10|8040|1000000001",
        "SPARSE|10|00000000 0000003f 09000000 00000080|{1:0.5,10:-0.0}/10",
        "SPARSE|10||{}/10",
        "SPARSE|0|00000000 0000003f ffffffff 0000803f|{0:0.5,4294967295:1.0}",
        "SPARSE|0||{}",
      })
  void textIsPgvectors(VectorType type, int dimension, String digits, String text) {
    byte[] bytes = digits == null ? new byte[0] : hex(digits);
    assertThat(v(unpack("text"), record(packed(type, dimension), bytes))).isEqualTo(text);
  }

  @Test
  void debeziumsTypesAreThoseOfItsOwnBuilders() {
    SinkRecord floats = record(packed(VectorType.FLOAT, 2), hex("0000803f 000000c0"));
    assertSame(vSchema(unpack("debezium"), floats), DoubleVector.schema());
    assertThat(v(unpack("debezium"), floats))
        .isEqualTo(DoubleVector.fromLogical(DoubleVector.schema(), "[1,-2]"));
    assertThat(v(unpack("debezium"), record(packed(VectorType.BFLOAT16, 1), hex("803f"))))
        .isEqualTo(DoubleVector.fromLogical(DoubleVector.schema(), "[1]"));

    SinkRecord halves = record(packed(VectorType.FLOAT16, 2), hex("003c 00c0"));
    assertSame(vSchema(unpack("debezium"), halves), FloatVector.schema());
    assertThat(v(unpack("debezium"), halves))
        .isEqualTo(FloatVector.fromLogical(FloatVector.schema(), "[1,-2]"));
    assertThat(v(unpack("debezium"), record(packed(VectorType.INT8, 2), hex("01fe"))))
        .isEqualTo(FloatVector.fromLogical(FloatVector.schema(), "[1,-2]"));

    SinkRecord sparse =
        record(packed(VectorType.SPARSE, 10), hex("00000000 0000003f 09000000 00000040"));
    Schema struct = vSchema(unpack("debezium"), sparse);
    assertSame(struct, SparseDoubleVector.schema());
    assertThat(struct.fields()).isEqualTo(SparseDoubleVector.schema().fields());
    assertThat(v(unpack("debezium"), sparse))
        .isEqualTo(SparseDoubleVector.fromLogical(struct, "{1:0.5,10:2}/10"));
  }

  /** PostgreSQL's B'1000000001' is the number 513 in Debezium's bits. */
  @Test
  void bitsAreNumberedFromTheRight() {
    SinkRecord bits = record(packed(VectorType.BINARY, 12), hex("8040"));
    Schema schema = vSchema(unpack("debezium"), bits);
    assertSame(schema, Bits.schema(12));
    assertThat(schema.parameters()).containsEntry("length", "12");
    BitSet expected = new BitSet();
    expected.set(11);
    expected.set(2);
    assertThat(Bits.toBitSet(schema, (byte[]) v(unpack("debezium"), bits))).isEqualTo(expected);
    assertThat(v(unpack("debezium"), record(packed(VectorType.BINARY, 12), hex("0000"))))
        .isEqualTo(new byte[0]);
  }

  private static void assertSame(Schema ours, Schema debeziums) {
    assertThat(ours.name()).isEqualTo(debeziums.name());
    assertThat(ours.version()).isEqualTo(debeziums.version());
    assertThat(ours.type()).isEqualTo(debeziums.type());
    if (ours.type() == Schema.Type.ARRAY) {
      assertThat(ours.valueSchema()).isEqualTo(debeziums.valueSchema());
    }
  }

  @Test
  void allElseOfTheRecordStays() {
    Schema vector =
        VectorSchema.builder(VectorType.FLOAT, 1)
            .optional()
            .doc("what it says")
            .parameter("metric", "COSINE")
            .defaultValue(hex("0000803f"))
            .build();
    Schema note = SchemaBuilder.string().optional().defaultValue("none").build();
    Schema schema =
        SchemaBuilder.struct()
            .name("t.Value")
            .version(5)
            .doc("rows")
            .parameter("p", "q")
            .field("id", Schema.INT64_SCHEMA)
            .field("note", note)
            .field("v", vector)
            .field("n", SchemaBuilder.int32().defaultValue(4).build())
            .build();
    SinkRecord record = record(new Struct(schema).put("id", 7L));
    SinkRecord unpacked = unpack("array").apply(record);

    assertThat(unpacked.topic()).isEqualTo("t");
    assertThat(unpacked.kafkaPartition()).isEqualTo(3);
    assertThat(unpacked.kafkaOffset()).isEqualTo(42);
    assertThat(unpacked.timestamp()).isEqualTo(1_700_000_000_000L);
    assertThat(unpacked.timestampType()).isEqualTo(record.timestampType());
    assertThat(unpacked.keySchema()).isSameAs(record.keySchema());
    assertThat(unpacked.key()).isEqualTo(7L);
    assertThat(unpacked.headers()).isEqualTo(record.headers());

    Schema after = unpacked.valueSchema();
    assertThat(after.name()).isEqualTo("t.Value");
    assertThat(after.version()).isEqualTo(5);
    assertThat(after.doc()).isEqualTo("rows");
    assertThat(after.parameters()).isEqualTo(Map.of("p", "q"));
    assertThat(after.fields()).extracting("name").containsExactly("id", "note", "v", "n");
    assertThat(after.field("note").schema()).isSameAs(note);
    Schema v = after.field("v").schema();
    assertThat(v.isOptional()).isTrue();
    assertThat(v.doc()).isEqualTo("what it says");
    assertThat(v.parameters()).isEqualTo(Map.of("dimension", "1", "metric", "COSINE"));
    assertThat(v.defaultValue()).isEqualTo(List.of(1f));

    Struct row = (Struct) unpacked.value();
    assertThat(row.getInt64("id")).isEqualTo(7L);
    assertThat(row.getWithoutDefault("note")).isNull();
    assertThat(row.getWithoutDefault("v")).isNull();
    assertThat(row.get("n")).isEqualTo(4);
    row.validate();
  }

  @Test
  void recordsWithoutPackedVectorsAreHandedBack() {
    UnpackVectors<SinkRecord> transform = unpack("array");
    for (SinkRecord record :
        List.of(
            valued(null, null),
            record(Schema.BYTES_SCHEMA, hex("0000803f")),
            valued(null, Map.of("v", List.of(1, 2))))) {
      assertThat(transform.apply(record)).isSameAs(record);
    }
  }

  @Test
  void onlyNamedFieldsAreUnpacked() {
    Schema vector = packed(VectorType.FLOAT, 1);
    Schema schema = SchemaBuilder.struct().field("a", vector).field("b", vector).build();
    Struct row = new Struct(schema).put("a", hex("0000803f")).put("b", hex("00000040"));
    Struct after =
        (Struct)
            configured(new UnpackVectors<SinkRecord>(), "vector.fields", "b")
                .apply(record(row))
                .value();
    assertThat(after.get("a")).isEqualTo(hex("0000803f"));
    assertThat(after.getArray("b")).isEqualTo(List.of(2f));
  }

  @Test
  void buffersAndNullsAreReadAsConnectGivesThem() {
    assertThat(
            v(
                unpack("array"),
                record(packed(VectorType.FLOAT, 1), ByteBuffer.wrap(hex("0000803f")))))
        .isEqualTo(List.of(1f));
    SinkRecord nullable =
        record(VectorSchema.builder(VectorType.FLOAT, 1).optional().build(), null);
    assertThat(v(unpack("text"), nullable)).isNull();
    assertThat(vSchema(unpack("text"), nullable))
        .isEqualTo(SchemaBuilder.string().optional().parameter("dimension", "1").build());
  }

  @Test
  void sourceRecordsKeepTheirOffsets() {
    Schema schema = Rows.row(packed(VectorType.FLOAT, 1));
    SourceRecord record =
        new SourceRecord(
            Map.of("p", 1),
            Map.of("o", 2),
            "t",
            schema,
            new Struct(schema).put("id", 1L).put("v", hex("0000803f")));
    UnpackVectors<SourceRecord> transform = configured(new UnpackVectors<>());
    SourceRecord unpacked = transform.apply(record);
    assertThat(unpacked.sourcePartition()).isEqualTo(record.sourcePartition());
    assertThat(unpacked.sourceOffset()).isEqualTo(record.sourceOffset());
    assertThat(((Struct) unpacked.value()).getArray("v")).isEqualTo(List.of(1f));
  }

  @Test
  void envelopesAreUnpackedWithinBeforeAndAfter() {
    Schema row =
        SchemaBuilder.struct()
            .name("s.t.Value")
            .optional()
            .field("v", packed(VectorType.FLOAT, 1))
            .build();
    Schema source = SchemaBuilder.struct().field("snapshot", Schema.OPTIONAL_STRING_SCHEMA).build();
    Envelope envelope =
        Envelope.defineSchema().withName("s.t.Envelope").withRecord(row).withSource(source).build();
    Struct one = new Struct(row).put("v", hex("0000803f"));
    Struct two = new Struct(row).put("v", hex("00000040"));
    Struct from = new Struct(source).put("snapshot", "false");
    UnpackVectors<SinkRecord> transform = unpack("array");

    Struct update =
        (Struct)
            transform
                .apply(record(envelope.update(one, two, from, Instant.ofEpochMilli(9))))
                .value();
    update.validate();
    assertThat(update.schema().name()).isEqualTo("s.t.Envelope");
    assertThat(update.getStruct("before").getArray("v")).isEqualTo(List.of(1f));
    assertThat(update.getStruct("after").getArray("v")).isEqualTo(List.of(2f));
    assertThat(update.getStruct("source")).isEqualTo(from);
    assertThat(update.getString("op")).isEqualTo("u");
    assertThat(update.getInt64("ts_ms")).isEqualTo(9);
    Struct create =
        (Struct) transform.apply(record(envelope.create(one, from, Instant.EPOCH))).value();
    assertThat(create.get("before")).isNull();
    assertThat(create.getStruct("after").getArray("v")).isEqualTo(List.of(1f));

    Struct broken = new Struct(row).put("v", hex("00"));
    assertThatThrownBy(() -> transform.apply(record(envelope.create(broken, from, Instant.EPOCH))))
        .hasMessageContaining(
            "field after.v: expected a io.vectorconnect.data.FloatVector of dimension 1");
  }

  @Test
  void equalSchemasBecomeOneSchema() {
    UnpackVectors<SinkRecord> transform = unpack("array");
    Schema first =
        transform.apply(record(packed(VectorType.FLOAT, 1), hex("0000803f"))).valueSchema();
    Schema other = transform.apply(record(packed(VectorType.FLOAT, 2), new byte[8])).valueSchema();
    assertThat(other).isNotEqualTo(first);
    assertThat(transform.apply(record(packed(VectorType.FLOAT, 1), hex("0000803f"))).valueSchema())
        .isSameAs(first);
  }

  @Test
  void thePlaceholderStaysOneOrIsRefused() {
    SinkRecord floats = record(packed(VectorType.FLOAT, 768), UnavailableValue.bytes());
    assertThat(v(unpack("text"), floats)).isEqualTo(UnavailableValue.TEXT);
    Object bits =
        v(unpack("debezium"), record(packed(VectorType.BINARY, 768), UnavailableValue.bytes()));
    assertThat(UnavailableValue.is(Bits.schema(768), bits)).isTrue();
    for (String format : List.of("array", "debezium")) {
      assertThatThrownBy(() -> unpack(format).apply(floats))
          .hasMessage(
              "topic t, partition 3, offset 42: field v: got Debezium's placeholder for a value that did not change, which is no ARRAY; let the source tell the value (PostgreSQL: REPLICA IDENTITY FULL), or set vector.format=text");
    }
    assertThatThrownBy(
            () ->
                unpack("debezium")
                    .apply(record(packed(VectorType.SPARSE, 768), UnavailableValue.bytes())))
        .hasMessageContaining("which is no STRUCT");
    assertThatThrownBy(
            () ->
                unpack("array")
                    .apply(record(packed(VectorType.SPARSE, 768), UnavailableValue.bytes())))
        .hasMessageContaining("which is no MAP");
  }

  /** Seven floats are as long as the placeholder. */
  @Test
  void aVectorOfThePlaceholdersBytesIsAVector() {
    Object elements =
        v(unpack("array"), record(packed(VectorType.FLOAT, 7), UnavailableValue.bytes()));
    assertThat((List<?>) elements).hasSize(7);
  }

  /** 224 bits that Debezium's form puts into the order of the placeholder's bytes. */
  @Test
  void bitsThatWouldReadAsThePlaceholderAreRefused() {
    byte[] placeholder = UnavailableValue.bytes();
    BitSet bits = BitSet.valueOf(placeholder);
    byte[] packed = new byte[placeholder.length];
    bits.stream().map(bit -> 223 - bit).forEach(bit -> packed[bit / 8] |= (byte) (0x80 >> bit % 8));
    SinkRecord record = record(packed(VectorType.BINARY, 224), packed);
    assertThatThrownBy(() -> unpack("debezium").apply(record))
        .hasMessage(
            "topic t, partition 3, offset 42: field v: as io.debezium.data.Bits the vector is the very placeholder that Debezium has for a value that is not there; use another vector.format");
    assertThat(v(unpack("text"), record)).asString().hasSize(224);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text|FLOAT|2|0000803f 0000c07f|element 1 of the vector is NaN or infinite, which has no text; use another vector.format, or correct the record",
        "text|FLOAT16|1|007c|element 0 of the vector is NaN or infinite, which has no text",
        "text|SPARSE|9|00000000 000080ff|element 0 of the vector is NaN or infinite, which has no text",
        "debezium|SPARSE|0|00000000 0000803f|Debezium's SparseDoubleVector needs a dimension, which the vector's schema does not tell; set vector.format=text",
        "debezium|BINARY|0|80|Debezium's Bits needs a dimension, which the vector's schema does not tell; set vector.format=text",
        "debezium|SPARSE|32768|00000000 0000803f|Debezium's SparseDoubleVector has dimensions up to 32767, got 32768; set vector.format=text",
        "array|FLOAT|2|0000803f|expected a io.vectorconnect.data.FloatVector of dimension 2 in 8 bytes, got 4 bytes; correct the record, or its schema",
        "array|SPARSE|9|09000000 0000803f|sparse index 9 is outside dimension 9 (indices from 0)",
      })
  void whatAFormCannotHoldIsRefused(
      String format, VectorType type, int dimension, String digits, String message) {
    assertThatThrownBy(() -> unpack(format).apply(record(packed(type, dimension), hex(digits))))
        .hasMessageStartingWith("topic t, partition 3, offset 42: field v: " + message);
  }

  @Test
  void theGreatestSparseDimensionFits() {
    SinkRecord sparse = record(packed(VectorType.SPARSE, 32_767), hex("fe7f0000 0000803f"));
    Struct struct = (Struct) v(unpack("debezium"), sparse);
    assertThat(struct.getInt16("dimensions")).isEqualTo((short) 32_767);
    assertThat(struct.getMap("vector")).isEqualTo(Map.of((short) 32_767, 1d));
  }

  @Test
  void namedFieldsHaveToBePackedVectors() {
    UnpackVectors<SinkRecord> transform = configured(new UnpackVectors<>(), "vector.fields", "v");
    Schema array = FloatVector.schema();
    assertThatThrownBy(() -> transform.apply(record(array, List.of(1f))))
        .hasMessage(
            "topic t, partition 3, offset 42: field v: expected a packed vector, BYTES named io.vectorconnect.data.*, got ARRAY io.debezium.data.FloatVector; take the field out of vector.fields");
    assertThatThrownBy(() -> transform.apply(valued(null, Map.of("v", "AAAA"))))
        .hasMessage(
            "topic t, partition 3, offset 42: field v: a record without a schema does not tell that this is a packed vector; use the value.converter, with schemas, that the record was written by");
    Map<String, ?> envelope = Map.of("op", "c", "source", Map.of(), "after", Map.of("v", "AAAA"));
    assertThatThrownBy(() -> transform.apply(valued(null, envelope)))
        .hasMessageContaining("field v: a record without a schema");
  }

  @Test
  void valuesThatAreNoRowsAreRefused() {
    assertThatThrownBy(() -> unpack("array").apply(valued(Schema.STRING_SCHEMA, "secret")))
        .hasMessage(
            "topic t, partition 3, offset 42: expected a struct or a JSON object as the record's value, got a String; set value.converter to the one that the record was written by");
  }

  @Test
  void aDefaultOfAStructIsRefused() {
    Schema vector = VectorSchema.builder(VectorType.SPARSE, 9).defaultValue(new byte[0]).build();
    assertThatThrownBy(() -> unpack("debezium").apply(record(vector, new byte[0])))
        .hasMessage(
            "topic t, partition 3, offset 42: field v: the schema has a default value, which a changed STRUCT cannot keep; take the default out of the schema");
    assertThat(vSchema(unpack("text"), record(vector, new byte[0])).defaultValue())
        .isEqualTo("{}/9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"packed", "json", ""})
  void otherFormatsAreRefused(String format) {
    assertThatThrownBy(() -> unpack(format))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be one of array, text, debezium");
  }

  @Test
  void declarationsAreRefusedInPlaceOfNames() {
    assertThatThrownBy(() -> configured(new UnpackVectors<SinkRecord>(), "vector.fields", "v:768"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must be names of fields alone; their schemas tell type and dimension");
  }
}
