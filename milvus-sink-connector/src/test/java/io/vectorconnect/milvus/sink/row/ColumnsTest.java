package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.sink.collection.FieldTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The columns of a request, byte for byte as the vendor's Python client makes them. */
class ColumnsTest {

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] floats(float... elements) {
    return PackedVector.ofFloats(elements).bytes();
  }

  /** The rows of src/test/fixtures/make_columns.py. */
  static List<Arguments> columns() {
    return List.of(
        Arguments.of("flag", DataType.Bool, Schema.BOOLEAN_SCHEMA, true, false),
        Arguments.of("tiny", DataType.Int8, Schema.INT8_SCHEMA, (byte) -128, (byte) 127),
        Arguments.of(
            "small", DataType.Int16, Schema.INT16_SCHEMA, Short.MIN_VALUE, Short.MAX_VALUE),
        Arguments.of(
            "medium", DataType.Int32, Schema.INT32_SCHEMA, Integer.MIN_VALUE, Integer.MAX_VALUE),
        Arguments.of("large", DataType.Int64, Schema.INT64_SCHEMA, Long.MIN_VALUE, Long.MAX_VALUE),
        Arguments.of("narrow", DataType.Float, Schema.FLOAT32_SCHEMA, 0.1f, -0.0f),
        Arguments.of("wide", DataType.Double, Schema.FLOAT64_SCHEMA, 0.1, Double.MIN_VALUE),
        Arguments.of("text", DataType.VarChar, Schema.STRING_SCHEMA, "snow ☃", ""),
        Arguments.of(
            "place", DataType.Geometry, Schema.STRING_SCHEMA, "POINT (1 2)", "POINT EMPTY"),
        Arguments.of(
            "time",
            DataType.Timestamptz,
            Schema.STRING_SCHEMA,
            "2026-11-30T12:00:00.123456Z",
            "1969-12-31T23:59:59Z"),
        Arguments.of("essay", DataType.Text, Schema.STRING_SCHEMA, "snow ☃", ""),
        Arguments.of("document", DataType.JSON, Json.builder().build(), "{\"a\":[1,\"ü\"]}", "{}"),
        vector(
            "floats",
            DataType.FloatVector,
            VectorType.FLOAT,
            3,
            floats(1, -0.0f, Float.MIN_VALUE),
            floats(0.1f, 2, -3)),
        vector(
            "halves",
            DataType.Float16Vector,
            VectorType.FLOAT16,
            3,
            hex("003c00c0ff7b"),
            hex("010000380080")),
        vector(
            "brains",
            DataType.BFloat16Vector,
            VectorType.BFLOAT16,
            3,
            hex("803f00c04040"),
            hex("003f00000080")),
        vector("bytes", DataType.Int8Vector, VectorType.INT8, 3, hex("01807f"), hex("00ff02")),
        vector("bits", DataType.BinaryVector, VectorType.BINARY, 16, hex("817e"), hex("aaaa")),
        vector(
            "sparse",
            DataType.SparseFloatVector,
            VectorType.SPARSE,
            0,
            PackedVector.ofSparse(0, new int[] {0, 7}, new float[] {0.5f, -2.25f}).bytes(),
            PackedVector.ofSparse(0, new int[] {-2}, new float[] {1}).bytes()));
  }

  private static Arguments vector(
      String name, DataType type, VectorType vector, int dimension, byte[] first, byte[] second) {
    Schema schema =
        dimension == 0
            ? VectorSchema.builder(vector).build()
            : VectorSchema.builder(vector, dimension).build();
    return Arguments.of(name, type, schema, first, second);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("columns")
  void areWhatTheVendorsClientSends(
      String name, DataType type, Schema schema, Object first, Object second) throws IOException {
    FieldData column = Rows.of(field(name, type, schema).build(), schema).column(first, second);
    if (type == DataType.SparseFloatVector) {
      // The client's own rows leave the dimension out; its columns have it.
      assertThat(column.getVectors().getDim()).isEqualTo(0xFFFF_FFFFL);
      assertThat(column.getVectors().getSparseFloatVector().getDim()).isEqualTo(0xFFFF_FFFFL);
      column = withoutDimension(column);
    }
    assertThat(HexFormat.of().formatHex(column.toByteArray())).isEqualTo(fixtures().get(name));
  }

  private static FieldSchema.Builder field(String name, DataType type, Schema schema) {
    FieldSchema.Builder field = FieldSchema.newBuilder().setName(name).setDataType(type);
    VectorSchema.dimension(schema)
        .ifPresent(
            dimension ->
                field.addTypeParams(FieldTypes.parameter("dim", Integer.toString(dimension))));
    return field;
  }

  private static FieldData withoutDimension(FieldData column) {
    FieldData.Builder bare = column.toBuilder();
    bare.getVectorsBuilder().clearDim().getSparseFloatVectorBuilder().clearDim();
    return bare.build();
  }

  @Test
  void dynamicFieldsAreAColumnOfTheirOwn() throws IOException {
    FieldData column =
        Rows.dynamic(Json.builder().optional().build(), "{\"colour\":\"blue\"}", null);
    assertThat(HexFormat.of().formatHex(column.toByteArray())).isEqualTo(fixtures().get("$meta"));
  }

  @Test
  void aNullStandsInValidDataOnly() {
    FieldSchema field =
        FieldSchema.newBuilder().setName("n").setDataType(DataType.Int64).setNullable(true).build();
    FieldData column = Rows.of(field, Schema.OPTIONAL_INT64_SCHEMA).column(null, 7L);
    assertThat(column.getValidDataList()).containsExactly(false, true);
    assertThat(column.getScalars().getLongData().getDataList()).containsExactly(7L);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void nullsAmongVectorsAreWhatTheVendorsClientSends(
      String name, DataType type, Schema schema, Object first, Object second) throws IOException {
    FieldSchema field = field(name, type, schema).setNullable(true).build();
    FieldData column = Rows.of(field, optional(schema)).column(null, first, null, second);
    FieldData sent =
        FieldData.parseFrom(HexFormat.of().parseHex(fixtures().get("nullable " + name)));
    if (type == DataType.SparseFloatVector) {
      column = withoutDimension(column);
    }
    assertThat(FieldData.parseFrom(column.toByteString())).isEqualTo(sent);
    Column stored = Column.of(field);
    assertThat(Columns.value(stored, sent, 0)).isNull();
    assertThat(Columns.value(stored, sent, 1)).isEqualTo(first);
    assertThat(Columns.value(stored, sent, 2)).isNull();
    assertThat(Columns.value(stored, sent, 3)).isEqualTo(second);
  }

  private static Schema optional(Schema vector) {
    return new ConnectSchema(
        vector.type(),
        true,
        null,
        vector.name(),
        vector.version(),
        null,
        vector.parameters(),
        null,
        null,
        null);
  }

  static Stream<Arguments> vectors() {
    return columns().stream()
        .filter(row -> ((DataType) row.get()[1]).getNumber() >= DataType.BinaryVector_VALUE);
  }

  private static Map<String, String> fixtures() throws IOException {
    Map<String, String> fixtures = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ColumnsTest.class.getResourceAsStream("/fixtures/columns.csv"),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .forEach(
              line -> {
                int comma = line.indexOf(',');
                fixtures.put(line.substring(0, comma), line.substring(comma + 1));
              });
    }
    return fixtures;
  }
}
