package io.vectorconnect.milvus.source.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.GeometryWktArray;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.TimestamptzArray;
import io.milvus.grpc.VectorField;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns as the vendor's Python client writes them (the sink's fixtures), and what becomes of
 * them.
 */
class ColumnReaderTest {
  private static final Path FIXTURES =
      Path.of("../milvus-sink-connector/src/test/resources/fixtures/columns.csv");

  private static FieldData fixture(String name) throws Exception {
    for (String line : Files.readAllLines(FIXTURES)) {
      if (line.startsWith(name + ",")) {
        return FieldData.parseFrom(HexFormat.of().parseHex(line.substring(name.length() + 1)));
      }
    }
    throw new AssertionError("no fixture " + name);
  }

  private static FieldSchema.Builder field(DataType type) {
    return FieldSchema.newBuilder().setName("f").setDataType(type);
  }

  private static ColumnReader reader(FieldSchema.Builder field) {
    Collection collection =
        new Collection("c", 1, List.of(field.build()), false, Map.of("f", "IP"));
    return ColumnReader.of(
        collection, field.build(), VectorFormat.PACKED, EnumSet.allOf(TextType.class));
  }

  @ParameterizedTest
  @CsvSource({
    "halves, Float16Vector, 3, 003c00c0ff7b, 010000380080, Float16Vector",
    "brains, BFloat16Vector, 3, 803f00c04040, 003f00000080, BFloat16Vector",
    "floats, FloatVector, 3, 0000803f0000008001000000, cdcccc3d00000040000040c0, FloatVector",
    "bytes, Int8Vector, 3, 01807f, 00ff02, Int8Vector",
    "bits, BinaryVector, 16, 817e, aaaa, BinaryVector",
  })
  void vectorsKeepTheirBytes(
      String name, DataType type, int dimension, String first, String second, String schema)
      throws Exception {
    FieldSchema.Builder field = field(type);
    field.addTypeParams(
        KeyValuePair.newBuilder().setKey("dim").setValue(Integer.toString(dimension)));
    ColumnReader reader = reader(field);
    FieldData column = fixture(name);
    assertThat(reader.cell().get(column, 0)).isEqualTo(HexFormat.of().parseHex(first));
    assertThat(reader.cell().get(column, 1)).isEqualTo(HexFormat.of().parseHex(second));
    assertThat(reader.schema().name()).isEqualTo("io.vectorconnect.data." + schema);
    assertThat(VectorSchema.dimension(reader.schema())).hasValue(dimension);
  }

  @ParameterizedTest
  @CsvSource({
    "halves, Float16Vector, 3, 003c00c0ff7b, 010000380080",
    "brains, BFloat16Vector, 3, 803f00c04040, 003f00000080",
    "floats, FloatVector, 3, 0000803f0000008001000000, cdcccc3d00000040000040c0",
    "bytes, Int8Vector, 3, 01807f, 00ff02",
    "bits, BinaryVector, 16, 817e, aaaa",
    "sparse, SparseFloatVector, 0, 000000000000003f07000000000010c0, feffffff0000803f",
  })
  void nullsAmongVectorsHaveNoPlace(
      String name, DataType type, int dimension, String first, String second) throws Exception {
    FieldSchema.Builder field = field(type).setNullable(true);
    if (dimension > 0) {
      field.addTypeParams(
          KeyValuePair.newBuilder().setKey("dim").setValue(Integer.toString(dimension)));
    }
    ColumnReader reader = reader(field);
    assertThat(reader.schema().isOptional()).isTrue();
    FieldData column = fixture("nullable " + name);
    assertThat(reader.places().of(column, 4)).containsExactly(-1, 0, -1, 1);
    assertThat(reader.cell().get(column, 0)).isEqualTo(HexFormat.of().parseHex(first));
    assertThat(reader.cell().get(column, 1)).isEqualTo(HexFormat.of().parseHex(second));
    FieldData other = column.toBuilder().setValidData(0, true).build();
    assertThatThrownBy(() -> reader.places().of(other, 4))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("for 4 rows, with 4 marks of which 3 say");
    FieldData untold = fixture(name);
    assertThatThrownBy(() -> reader.places().of(untold, 2))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("which rows are NULL is not clear");
    assertThat(reader(field.setNullable(false)).places().of(untold, 2)).isNull();
  }

  @Test
  void sparseVectorsKeepTheirPairs() throws Exception {
    ColumnReader reader = reader(field(DataType.SparseFloatVector));
    assertThat(reader.cell().get(fixture("sparse"), 0))
        .isEqualTo(HexFormat.of().parseHex("000000000000003f07000000000010c0"));
    assertThat(reader.schema().name()).isEqualTo("io.vectorconnect.data.SparseVector");
    assertThat(VectorSchema.dimension(reader.schema())).isEmpty();
    assertThat(VectorSchema.metric(reader.schema())).hasValue("IP");
  }

  @Test
  void scalarsKeepTheirValues() throws Exception {
    assertThat(reader(field(DataType.Bool)).cell().get(fixture("flag"), 0)).isEqualTo(true);
    assertThat(reader(field(DataType.Int8)).cell().get(fixture("tiny"), 0))
        .isEqualTo(Byte.MIN_VALUE);
    assertThat(reader(field(DataType.Int16)).cell().get(fixture("small"), 1))
        .isEqualTo(Short.MAX_VALUE);
    assertThat(reader(field(DataType.Int64)).cell().get(fixture("large"), 0))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(reader(field(DataType.Float)).cell().get(fixture("narrow"), 1)).isEqualTo(-0f);
    assertThat(reader(field(DataType.Double)).cell().get(fixture("wide"), 1))
        .isEqualTo(Double.MIN_VALUE);
    assertThat(reader(field(DataType.VarChar)).cell().get(fixture("text"), 0)).isEqualTo("snow ☃");
    assertThat(reader(field(DataType.JSON)).cell().get(fixture("document"), 0))
        .isEqualTo("{\"a\":[1,\"ü\"]}");
  }

  @Test
  void arraysAreListsOfTheirElements() {
    ColumnReader reader = reader(field(DataType.Array).setElementType(DataType.Int64));
    assertThat(reader.schema().valueSchema()).isEqualTo(Schema.INT64_SCHEMA);
    ArrayArray.Builder rows =
        ArrayArray.newBuilder()
            .addData(
                ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(7).addData(8)))
            .addData(ScalarField.newBuilder().setLongData(LongArray.newBuilder()));
    FieldData column =
        FieldData.newBuilder().setScalars(ScalarField.newBuilder().setArrayData(rows)).build();
    assertThat(reader.cell().get(column, 0)).isEqualTo(List.of(7L, 8L));
    assertThat(reader.cell().get(column, 1)).isEqualTo(List.of());
  }

  @Test
  void nullsOfNullableFieldsAreNull() {
    ColumnReader reader = reader(field(DataType.Int64).setNullable(true));
    assertThat(reader.schema().isOptional()).isTrue();
    FieldData column =
        FieldData.newBuilder()
            .setScalars(
                ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(0).addData(5)))
            .addValidData(false)
            .addValidData(true)
            .build();
    assertThat(reader.places().of(column, 2)).containsExactly(-1, 1);
    assertThat(reader.cell().get(column, 1)).isEqualTo(5L);
    // Milvus Lite leaves out the marks where no row of an answer is NULL.
    assertThat(reader.places().of(column.toBuilder().clearValidData().build(), 2)).isNull();
    assertThatThrownBy(() -> reader.places().of(column.toBuilder().addValidData(true).build(), 2))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("2 values of the nullable field")
        .hasMessageContaining("with 3 marks");
  }

  /** Milvus 3 has the marks beside the data, in fields that the SDK does not know. */
  @Test
  void marksOfMilvus3AreFound() {
    ColumnReader numbers = reader(field(DataType.Int64).setNullable(true));
    FieldData compact =
        FieldData.newBuilder()
            .setScalars(
                ScalarField.newBuilder()
                    .setLongData(LongArray.newBuilder().addData(7).addData(8))
                    .setUnknownFields(marks(17, 1, 0, 1)))
            .build();
    assertThat(numbers.places().of(compact, 3)).containsExactly(0, -1, 1);
    FieldData full =
        compact.toBuilder()
            .setScalars(
                compact.getScalars().toBuilder()
                    .setLongData(LongArray.newBuilder().addData(7).addData(0).addData(8)))
            .build();
    assertThat(numbers.places().of(full, 3)).containsExactly(0, -1, 2);

    ColumnReader vectors =
        reader(
            field(DataType.Int8Vector)
                .setNullable(true)
                .addTypeParams(KeyValuePair.newBuilder().setKey("dim").setValue("2")));
    FieldData column =
        FieldData.newBuilder()
            .setVectors(
                VectorField.newBuilder()
                    .setInt8Vector(ByteString.copyFrom(new byte[] {1, 2, 3, 4}))
                    .setUnknownFields(marks(9, 0, 1, 1)))
            .build();
    assertThat(vectors.places().of(column, 3)).containsExactly(-1, 0, 1);
  }

  private static UnknownFieldSet marks(int number, int... marks) {
    ByteString.Output packed = ByteString.newOutput();
    for (int mark : marks) {
      packed.write(mark);
    }
    return UnknownFieldSet.newBuilder()
        .addField(
            number,
            UnknownFieldSet.Field.newBuilder().addLengthDelimited(packed.toByteString()).build())
        .build();
  }

  @Test
  void arraysOfMilvus3MayHoldNulls() {
    FieldSchema.Builder field =
        field(DataType.Array)
            .setElementType(DataType.Int64)
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(19, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build());
    ColumnReader reader = reader(field);
    assertThat(reader.schema().valueSchema().isOptional()).isTrue();
    ScalarField cell =
        ScalarField.newBuilder()
            .setLongData(LongArray.newBuilder().addData(7).addData(8))
            .setUnknownFields(marks(17, 1, 0, 1))
            .build();
    FieldData column =
        FieldData.newBuilder()
            .setScalars(
                ScalarField.newBuilder().setArrayData(ArrayArray.newBuilder().addData(cell)))
            .build();
    assertThat(reader.cell().get(column, 0)).isEqualTo(Arrays.asList(7L, null, 8L));
  }

  @Test
  void timesAreTextInUtcInAnswersAndInTheLog() {
    ColumnReader reader = reader(field(DataType.Timestamptz));
    assertThat(reader.schema().name()).isEqualTo("io.debezium.time.ZonedTimestamp");
    assertThat(reader.schema().parameters()).containsEntry("milvus_type", "timestamptz");
    for (Map.Entry<String, String> time :
        Map.of(
                "2025-03-20T10:30:00.123+08:00", "2025-03-20T02:30:00.123Z",
                "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z",
                "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")
            .entrySet()) {
      FieldData answer =
          FieldData.newBuilder()
              .setScalars(
                  ScalarField.newBuilder()
                      .setStringData(StringArray.newBuilder().addData(time.getKey())))
              .build();
      Instant instant = OffsetDateTime.parse(time.getKey()).toInstant();
      long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
      FieldData logged =
          FieldData.newBuilder()
              .setScalars(
                  ScalarField.newBuilder()
                      .setTimestamptzData(TimestamptzArray.newBuilder().addData(micros)))
              .build();
      assertThat(reader.cell().get(answer, 0)).isEqualTo(time.getValue());
      assertThat(reader.cell().get(logged, 0)).isEqualTo(time.getValue());
    }
  }

  @Test
  void geometryAndTextAreTheServersText() {
    ColumnReader geometry = reader(field(DataType.Geometry));
    FieldData column =
        FieldData.newBuilder()
            .setScalars(
                ScalarField.newBuilder()
                    .setGeometryWktData(GeometryWktArray.newBuilder().addData("POINT (1 2)")))
            .build();
    assertThat(geometry.cell().get(column, 0)).isEqualTo("POINT (1 2)");
    ColumnReader text = reader(field(DataType.Text));
    assertThat(text.schema().parameters()).containsEntry("milvus_type", "text");
    FieldData texts =
        FieldData.newBuilder()
            .setScalars(
                ScalarField.newBuilder().setStringData(StringArray.newBuilder().addData("☃")))
            .build();
    assertThat(text.cell().get(texts, 0)).isEqualTo("☃");
  }

  @Test
  void typesAreRefusedByNameUnlessTheyAreListed() {
    Collection collection = new Collection("c", 1, List.of(), false, Map.of());
    for (TextType type : TextType.values()) {
      assertThatThrownBy(
              () ->
                  ColumnReader.of(
                      collection, field(type.type()).build(), VectorFormat.PACKED, Set.of()))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("collection c has field f of type " + type.type())
          .hasMessageContaining("list " + type + " in types.as.text");
    }
    assertThatThrownBy(() -> reader(field(DataType.None).setDataTypeValue(30)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("field f of type number 30 of the server's types");
  }
}
