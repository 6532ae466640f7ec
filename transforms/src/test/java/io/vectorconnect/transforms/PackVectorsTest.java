package io.vectorconnect.transforms;

import static io.vectorconnect.transforms.Rows.configured;
import static io.vectorconnect.transforms.Rows.hex;
import static io.vectorconnect.transforms.Rows.pack;
import static io.vectorconnect.transforms.Rows.packed;
import static io.vectorconnect.transforms.Rows.record;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign forms are made by Debezium where it has them. */
class PackVectorsTest {
  private static final String PLACE = "topic t, partition 3, offset 42: field v: ";
  private static final Schema DOUBLES = SchemaBuilder.array(Schema.FLOAT64_SCHEMA).build();

  @Test
  void debeziumsVectorsNeedNoDeclaration() {
    PackVectors<SinkRecord> transform = pack("");
    SinkRecord doubles =
        record(DoubleVector.schema(), DoubleVector.fromLogical(DoubleVector.schema(), "[0.1,-0]"));
    assertThat(v(transform, doubles)).isEqualTo(hex("cdcccc3d 00000080"));
    assertThat(vSchema(transform, doubles)).isEqualTo(packed(VectorType.FLOAT, 0));
    SinkRecord floats =
        record(
            FloatVector.schema(),
            FloatVector.fromLogical(FloatVector.schema(), new float[] {0.1f, -0f}));
    assertThat(v(transform, floats)).isEqualTo(hex("cdcccc3d 00000080"));
    assertThat(vSchema(transform, floats)).isEqualTo(packed(VectorType.FLOAT, 0));
  }

  @Test
  void declaredVectorsGetTypeAndDimension() {
    SinkRecord halfvec =
        record(FloatVector.schema(), FloatVector.fromLogical(FloatVector.schema(), "[1,-2]"));
    assertThat(v(pack("v:2:float16"), halfvec)).isEqualTo(hex("003c 00c0"));
    assertThat(vSchema(pack("v:2:float16"), halfvec)).isEqualTo(packed(VectorType.FLOAT16, 2));
    assertThat(v(pack("v:2:bfloat16"), halfvec)).isEqualTo(hex("803f 00c0"));
    assertThat(v(pack("v:2:int8"), halfvec)).isEqualTo(hex("01fe"));
    assertThat(v(pack("v:2"), halfvec)).isEqualTo(hex("0000803f 000000c0"));
    assertThat(vSchema(pack("v:2"), halfvec)).isEqualTo(packed(VectorType.FLOAT, 2));
  }

  @Test
  void namesThatNoRowHasAreNoticed() {
    PackVectors<SinkRecord> transform = pack("v:2,w:3,vv:2");
    Schema row =
        SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).field("v", DOUBLES).build();
    assertThat(transform.absent(row)).containsExactly("vv", "w");
    Schema envelope =
        Envelope.defineSchema()
            .withName("t.Envelope")
            .withRecord(row)
            .withSource(SchemaBuilder.struct().field("w", Schema.STRING_SCHEMA).build())
            .build()
            .schema();
    assertThat(transform.absent(envelope)).containsExactly("vv", "w");
    assertThat(pack("v:2").absent(envelope)).isEmpty();
  }

  @Test
  void sparseVectorsGetTheDeclaredDimension() {
    Schema schema = SparseDoubleVector.schema();
    SinkRecord sparse = record(schema, SparseDoubleVector.fromLogical(schema, "{1:0.5,10:2}/10"));
    assertThat(v(pack("v:10:sparse"), sparse))
        .isEqualTo(hex("00000000 0000003f 09000000 00000040"));
    assertThat(vSchema(pack("v:10:sparse"), sparse))
        .isEqualTo(VectorSchema.builder(VectorType.SPARSE, 10).doc(schema.doc()).build());
    assertThatThrownBy(() -> pack("").apply(sparse))
        .hasMessage(
            PLACE
                + "the schema of a SparseDoubleVector does not tell the dimension; declare it by vector.fields=v:dimension:sparse");
    assertThatThrownBy(() -> pack("v:11:sparse").apply(sparse))
        .hasMessage(
            PLACE
                + "declared as 11:sparse in vector.fields, expected a vector of dimension 11, got 10; correct the record, or the target's dimension");
  }

  @Test
  void bitsArePackedWhereTheyAreDeclared() {
    Schema schema = Bits.builder(12).doc("bits").build();
    SinkRecord bits = record(schema, hex("0408")); // bits 2 and 11
    assertThat(v(pack("v:12:binary"), bits)).isEqualTo(hex("8040"));
    assertThat(vSchema(pack("v:12:binary"), bits))
        .isEqualTo(VectorSchema.builder(VectorType.BINARY, 12).doc("bits").build());
    assertThat(pack("").apply(bits)).as("flags, for all that is known").isSameAs(bits);
  }

  @Test
  void formsWithoutANameArePackedWhereTheyAreDeclared() {
    byte[] expected = hex("0000803f 000000c0");
    assertThat(v(pack("v:2"), record(DOUBLES, List.of(1d, -2d)))).isEqualTo(expected);
    assertThat(v(pack("v:2"), record(Schema.STRING_SCHEMA, "[1,-2]"))).isEqualTo(expected);
    assertThat(v(pack("v:2"), record(Schema.BYTES_SCHEMA, expected))).isEqualTo(expected);
    assertThat(v(pack("v:2:float16"), record(packed(VectorType.FLOAT, 2), expected)))
        .isEqualTo(hex("003c 00c0"));
    Schema map = SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA).build();
    assertThat(v(pack("v:9:sparse"), record(map, Map.of("8", 1d))))
        .isEqualTo(hex("08000000 0000803f"));
    assertThat(v(pack("v:9:sparse"), record(map, Map.of()))).isEqualTo(new byte[0]);
    assertThat(v(pack("v:3:binary"), record(Schema.STRING_SCHEMA, "101"))).isEqualTo(hex("a0"));
    for (SinkRecord record :
        List.of(
            record(DOUBLES, List.of(1d)),
            record(Schema.STRING_SCHEMA, "[1]"),
            record(Schema.BYTES_SCHEMA, expected))) {
      assertThat(pack("").apply(record)).isSameAs(record);
      assertThat(pack("w:2").apply(record)).isSameAs(record);
    }
  }

  @Test
  void whatIsPackedAsDeclaredIsHandedBack() {
    SinkRecord packed = record(packed(VectorType.FLOAT, 1), hex("0000803f"));
    assertThat(pack("v:1").apply(packed)).isSameAs(packed);
    assertThat(pack("").apply(packed)).isSameAs(packed);
    SinkRecord without = record(packed(VectorType.FLOAT, 0), hex("0000803f"));
    assertThat(pack("").apply(without)).isSameAs(without);
    assertThat(vSchema(pack("v:1"), without)).isEqualTo(packed(VectorType.FLOAT, 1));
    SinkRecord tombstone = valued(null, null);
    assertThat(pack("v:1").apply(tombstone)).isSameAs(tombstone);
  }

  @Test
  void whatTheSchemaSaidBesideStays() {
    Schema vector =
        DoubleVector.builder()
            .optional()
            .doc("what it says")
            .parameter("__debezium.source.column.type", "VECTOR")
            .parameter("dimension", "3")
            .defaultValue(List.of(1d, 2d))
            .build();
    SinkRecord nothing = record(vector, null);
    Schema schema = vSchema(pack("v:2"), nothing);
    assertThat(schema.isOptional()).isTrue();
    assertThat(schema.doc()).isEqualTo("what it says");
    assertThat(schema.parameters())
        .isEqualTo(Map.of("__debezium.source.column.type", "VECTOR", "dimension", "2"));
    assertThat(schema.defaultValue()).isEqualTo(hex("0000803f 00000040"));
    Struct row = (Struct) pack("v:2").apply(nothing).value();
    assertThat(row.getWithoutDefault("v")).isNull();
  }

  @Test
  void envelopesArePackedWithinBeforeAndAfter() {
    Schema row =
        SchemaBuilder.struct()
            .name("s.t.Value")
            .optional()
            .field("v", DoubleVector.schema())
            .build();
    Schema source = SchemaBuilder.struct().field("snapshot", Schema.OPTIONAL_STRING_SCHEMA).build();
    Envelope envelope =
        Envelope.defineSchema().withName("s.t.Envelope").withRecord(row).withSource(source).build();
    Struct one = new Struct(row).put("v", List.of(1d));
    Struct from = new Struct(source).put("snapshot", "false");
    Struct deleted =
        (Struct) pack("v:1").apply(record(envelope.delete(one, from, Instant.EPOCH))).value();
    deleted.validate();
    assertThat(deleted.getStruct("before").getBytes("v")).isEqualTo(hex("0000803f"));
    assertThat(deleted.get("after")).isNull();
  }

  @Test
  void thePlaceholderStaysOneOrIsRefused() {
    SinkRecord text = record(Schema.STRING_SCHEMA, UnavailableValue.TEXT);
    assertThat(v(pack("v:768"), text)).isEqualTo(UnavailableValue.bytes());
    SinkRecord bytes =
        record(Schema.BYTES_SCHEMA, UnavailableValue.TEXT.getBytes(StandardCharsets.UTF_8));
    assertThat(v(pack("v:768"), bytes)).isEqualTo(UnavailableValue.bytes());
    assertThatThrownBy(() -> pack("v:7").apply(text))
        .hasMessage(
            PLACE
                + "declared as 7:float in vector.fields, got Debezium's placeholder for a value that did not change, which no one could tell from a vector of this dimension; let the source tell the value (PostgreSQL: REPLICA IDENTITY FULL)");
  }

  @Test
  void aVectorThatWouldReadAsThePlaceholderIsRefused() {
    Schema floats = packed(VectorType.FLOAT, 7);
    Object elements = v(Rows.unpack("array"), record(floats, UnavailableValue.bytes()));
    Schema undeclared = FloatVector.schema();
    assertThatThrownBy(() -> pack("").apply(record(undeclared, elements)))
        .hasMessage(
            PLACE
                + "the vector has the very bytes of Debezium's placeholder for a value that is not there; declare its dimension in vector.fields");
    assertThat(v(pack("v:7"), record(undeclared, elements))).isEqualTo(UnavailableValue.bytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v:3|declared as 3:float in vector.fields, expected a vector of dimension 3, got 2; correct the record, or the target's dimension",
        "v:2:int8|declared as 2:int8 in vector.fields, element 1 cannot be held exactly by a io.vectorconnect.data.Int8Vector; use a wider column",
        "v:2:float16|declared as 2:float16 in vector.fields, element 1 cannot be held exactly by a io.vectorconnect.data.Float16Vector; use a wider column, or set vector.lossy.casts=float32_to_float16",
        "v:2:binary|declared as 2:binary in vector.fields, element 1 of a bit vector is neither 0 nor 1",
        "v:2:sparse|declared as 2:sparse in vector.fields, expected a io.vectorconnect.data.SparseVector, got a io.vectorconnect.data.FloatVector, and there is no conversion between them",
      })
  void whatIsNotAsDeclaredIsRefused(String declaration, String message) {
    assertThatThrownBy(() -> pack(declaration).apply(record(DOUBLES, List.of(1d, 0.1d))))
        .hasMessage(PLACE + message);
  }

  @Test
  void roundingIsDoneWhereItIsAskedFor() {
    SinkRecord exact = record(DOUBLES, List.of(0.1d));
    SinkRecord wide = record(DOUBLES, List.of(0.12345678901d));
    assertThatThrownBy(() -> pack("v:1").apply(wide))
        .hasMessage(
            PLACE
                + "declared as 1:float in vector.fields, element 0 of the vector is a 64-bit number that a 32-bit float cannot hold; to round such numbers set vector.lossy.casts=float64_to_float32");
    PackVectors<SinkRecord> rounding =
        configured(
            new PackVectors<>(),
            "vector.fields",
            "v:1:float16",
            "vector.lossy.casts",
            "float64_to_float32,float32_to_float16");
    assertThat(v(rounding, exact)).isEqualTo(hex("662e"));
    assertThat(v(rounding, wide)).isEqualTo(hex("e72f"));
  }

  @Test
  void fieldsThatAreNoVectorsAreRefused() {
    assertThatThrownBy(() -> pack("v:2").apply(record(Schema.INT64_SCHEMA, 9L)))
        .hasMessageStartingWith(
            PLACE
                + "declared as 2:float in vector.fields, expected a vector, got INT64; a vector is")
        .hasMessageNotContaining("9");
  }

  @Test
  void recordsWithoutSchemaAreRefusedWhereAVectorIsDeclared() {
    SinkRecord json = valued(null, Map.of("v", List.of(1, 2)));
    assertThatThrownBy(() -> pack("v:2").apply(json))
        .hasMessage(
            PLACE
                + "a record without a schema has no place for a packed vector's type; leave it as it is, for our sinks read arrays, objects and text without a schema, or use a value.converter with schemas");
    assertThat(pack("w:2").apply(json)).isSameAs(json);
    assertThatThrownBy(() -> pack("v:2").apply(valued(Schema.STRING_SCHEMA, "{\"v\": [1, 2]}")))
        .hasMessage(
            "topic t, partition 3, offset 42: expected a struct or a JSON object as the record's value, got a String; set value.converter to the one that the record was written by");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "v:0", "v:2:float32", "v:float", "v:2:float:x"})
  void otherDeclarationsAreRefused(String declaration) {
    assertThatThrownBy(() -> pack(declaration))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be a list of field:dimension[:type]");
  }

  @Test
  void otherCastsAreRefused() {
    assertThatThrownBy(() -> configured(new PackVectors<SinkRecord>(), "vector.lossy.casts", "any"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be one of float64_to_float32, float32_to_float16");
  }
}
