package io.vectorconnect.milvus.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.source.SourceKeys.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
    return ColumnReader.of(collection, field.build(), VectorFormat.PACKED);
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
        .hasMessageContaining(
            "2 vectors of the nullable field f for 4 rows, and with 4 marks of which 3 say");
    FieldData untold = fixture(name);
    assertThatThrownBy(() -> reader.places().of(untold, 2))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("what is NULL cannot be told");
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
    assertThat(reader.cell().get(column, 0)).isNull();
    assertThat(reader.cell().get(column, 1)).isEqualTo(5L);
    assertThat(reader.cell().get(column.toBuilder().clearValidData().build(), 0)).isEqualTo(0L);
    assertThatThrownBy(() -> reader.cell().get(column.toBuilder().addValidData(true).build(), 0))
        .hasMessageContaining("2 values and 3 marks of validity");
  }

  @Test
  void otherTypesAreRefusedByName() {
    assertThatThrownBy(() -> reader(field(DataType.Geometry)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("collection c has field f of type Geometry");
  }
}
