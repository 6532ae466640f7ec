package io.vectorconnect.milvus.sink.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.data.Json;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfigTest;
import io.vectorconnect.milvus.sink.row.Column;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.PlanCache.UndecidedException;
import io.vectorconnect.sink.RecordField;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fields, and indexes, of a collection that is created. */
class FieldTypesTest {
  private static final FieldLimits LIMITS =
      new FieldLimits(
          300, 50, Set.of("numbers"), Map.of("declared", 3), false, Set.of(TextType.GEOMETRY));

  static List<Arguments> types() {
    return List.of(
        Arguments.of(Schema.BOOLEAN_SCHEMA, "Bool"),
        Arguments.of(Schema.INT8_SCHEMA, "Int8"),
        Arguments.of(Schema.INT16_SCHEMA, "Int16"),
        Arguments.of(Schema.INT32_SCHEMA, "Int32"),
        Arguments.of(Schema.INT64_SCHEMA, "Int64"),
        Arguments.of(Schema.FLOAT32_SCHEMA, "Float"),
        Arguments.of(Schema.FLOAT64_SCHEMA, "Double"),
        Arguments.of(Schema.STRING_SCHEMA, "VarChar(300)"),
        Arguments.of(Json.builder().build(), "JSON"),
        Arguments.of(VectorSchema.builder(VectorType.FLOAT, 4).build(), "FloatVector(4)"),
        Arguments.of(VectorSchema.builder(VectorType.FLOAT16, 4).build(), "Float16Vector(4)"),
        Arguments.of(VectorSchema.builder(VectorType.BFLOAT16, 4).build(), "BFloat16Vector(4)"),
        Arguments.of(VectorSchema.builder(VectorType.INT8, 4).build(), "Int8Vector(4)"),
        Arguments.of(VectorSchema.builder(VectorType.BINARY, 16).build(), "BinaryVector(16)"),
        Arguments.of(VectorSchema.builder(VectorType.SPARSE, 9).build(), "SparseFloatVector"));
  }

  private static FieldSchema of(Schema schema, Object value) {
    return of(schema, value, LIMITS);
  }

  private static FieldSchema of(Schema schema, Object value, FieldLimits limits) {
    RecordField field = new RecordField("f", schema, record -> value);
    return FieldTypes.of(
        field, Change.of(new SinkRecord("t", 0, null, null, null, null, 0)), limits);
  }

  @ParameterizedTest
  @MethodSource("types")
  void followTheRecordsSchema(Schema schema, String declaration) {
    FieldSchema field = of(schema, null);
    assertThat(Column.of(field).declaration()).isEqualTo(declaration);
    assertThat(field.getNullable()).isFalse();
  }

  @Test
  void optionalScalarsAreNullable() {
    assertThat(of(Schema.OPTIONAL_INT64_SCHEMA, null).getNullable()).isTrue();
    assertThat(of(Json.builder().optional().build(), null).getNullable()).isTrue();
  }

  @Test
  void vectorsAreNullableWhereTheConfigurationSaysSo() {
    Schema vector = VectorSchema.builder(VectorType.FLOAT, 4).optional().build();
    assertThat(of(vector, null).getNullable()).isFalse();
    FieldLimits nullable = new FieldLimits(300, 50, Set.of(), Map.of(), true, Set.of());
    assertThat(of(vector, null, nullable).getNullable()).isTrue();
    assertThat(of(VectorSchema.builder(VectorType.FLOAT, 4).build(), null, nullable).getNullable())
        .isFalse();
  }

  @Test
  void textOfAListedTypeOfMilvusIsThatTypeAgain() {
    assertThat(of(text("geometry"), null).getDataType()).isEqualTo(DataType.Geometry);
    assertThat(of(text("geometry"), null).getNullable()).isTrue();
    assertThat(of(text("timestamptz"), null).getDataType()).isEqualTo(DataType.VarChar);
    assertThat(of(text("no_type"), null).getDataType()).isEqualTo(DataType.VarChar);
  }

  private static Schema text(String type) {
    return SchemaBuilder.string().optional().parameter("milvus_type", type).build();
  }

  @Test
  void theFirstRecordTellsADimensionThatTheSchemaDoesNot() {
    Schema doubles =
        SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name("io.debezium.data.DoubleVector").build();
    assertThat(Column.of(of(doubles, List.of(0.1, 1.0 / 3))).declaration())
        .isEqualTo("FloatVector(2)");
    assertThat(
            Column.of(of(VectorSchema.builder(VectorType.BINARY).build(), new byte[3]))
                .declaration())
        .isEqualTo("BinaryVector(24)");
    assertThatThrownBy(() -> of(doubles, null))
        .isInstanceOf(UndecidedException.class)
        .hasMessageContaining("tells the vector's dimension");
  }

  @Test
  void arraysTellTheirElementsAndTheirLimits() {
    assertThat(declaration("f", SchemaBuilder.array(Schema.STRING_SCHEMA).build()))
        .isEqualTo("Array(VarChar(300), 50)");
    assertThat(declaration("f", SchemaBuilder.array(Schema.INT8_SCHEMA).build()))
        .isEqualTo("Array(Int8, 50)");
    Schema text = SchemaBuilder.string().parameter("max_length", "7").build();
    assertThat(declaration("f", SchemaBuilder.array(text).parameter("max_capacity", "9").build()))
        .isEqualTo("Array(VarChar(7), 9)");
    assertThat(declaration("f", text)).isEqualTo("VarChar(7)");
    // Floats are a vector, unless something says otherwise.
    SchemaBuilder floats = SchemaBuilder.array(Schema.FLOAT32_SCHEMA);
    assertThat(declaration("f", floats.build())).isEqualTo("FloatVector(2)");
    assertThat(declaration("numbers", floats.build())).isEqualTo("Array(Float, 50)");
    assertThat(declaration("f", floats.parameter("max_capacity", "3").build()))
        .isEqualTo("Array(Float, 3)");
    Schema wrong =
        SchemaBuilder.array(Schema.INT8_SCHEMA).parameter("max_capacity", "5000").build();
    assertThatThrownBy(() -> declaration("f", wrong))
        .hasMessageContaining("parameter max_capacity is not a number from 1 to 4,096");
  }

  @Test
  void declaredFieldsAreVectorsWhateverTheRecordTells() {
    for (Schema schema :
        List.of(
            Schema.STRING_SCHEMA,
            Schema.OPTIONAL_BYTES_SCHEMA,
            SchemaBuilder.array(Schema.INT32_SCHEMA).build(),
            SchemaBuilder.array(Schema.FLOAT32_SCHEMA)
                .name("io.debezium.data.FloatVector")
                .build())) {
      assertThat(declaration("declared", schema)).isEqualTo("FloatVector(3)");
    }
    assertThat(declaration("f", Schema.STRING_SCHEMA)).isEqualTo("VarChar(300)");
  }

  private static String declaration(String name, Schema schema) {
    RecordField field = new RecordField(name, schema, record -> List.of(1f, 2f));
    Change change = Change.of(new SinkRecord("t", 0, null, null, null, null, 0));
    return Column.of(FieldTypes.of(field, change, LIMITS)).declaration();
  }

  @Test
  void typesWithoutPlaceAreRefused() {
    List<Schema> placeless =
        List.of(
            Decimal.schema(0),
            Timestamp.SCHEMA,
            Schema.BYTES_SCHEMA,
            SchemaBuilder.array(Schema.BYTES_SCHEMA).build(),
            SchemaBuilder.array(Json.builder().build()).build(),
            SchemaBuilder.array(SchemaBuilder.array(Schema.INT32_SCHEMA).build()).build(),
            SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(),
            SchemaBuilder.struct().build());
    for (Schema schema : placeless) {
      assertThatThrownBy(() -> of(schema, null))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("auto.create has no field type for " + schema.type());
    }
    assertThatThrownBy(() -> of(VectorSchema.builder(VectorType.BINARY, 10).build(), null))
        .hasMessageContaining("whole bytes only, got dimension 10");
  }

  @Test
  void keysAreInt64OrVarChar() {
    for (Schema schema : List.of(Schema.INT8_SCHEMA, Schema.INT32_SCHEMA, Schema.INT64_SCHEMA)) {
      FieldSchema key = FieldTypes.key(new RecordField("id", schema, record -> null), LIMITS);
      assertThat(Column.of(key).declaration()).isEqualTo("Int64");
      assertThat(key.getIsPrimaryKey()).isTrue();
    }
    FieldSchema text =
        FieldTypes.key(new RecordField("id", Schema.STRING_SCHEMA, record -> null), LIMITS);
    assertThat(Column.of(text).declaration()).isEqualTo("VarChar(300)");
    assertThatThrownBy(
            () ->
                FieldTypes.key(
                    new RecordField("id", Schema.FLOAT64_SCHEMA, record -> null), LIMITS))
        .hasMessageContaining("expected a primary key of INT8 to INT64 or STRING, got FLOAT64");
  }

  @Test
  void indexesFollowTheVectorAndItsMetric() {
    MilvusSinkConfig config = MilvusSinkConfigTest.config();
    Schema plain = VectorSchema.builder(VectorType.FLOAT, 4).build();
    assertThat(index(VectorType.FLOAT, plain, config))
        .isEqualTo(new VectorIndex("HNSW", "COSINE", Map.of("M", "16", "efConstruction", "256")));
    assertThat(
            index(VectorType.FLOAT, plain, config).extraParameters().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue()))
        .containsExactly(
            "index_type=HNSW",
            "metric_type=COSINE",
            "params={\"M\":\"16\",\"efConstruction\":\"256\"}");
    assertThat(index(VectorType.FLOAT16, metric(VectorType.FLOAT16, "l2"), config).metric())
        .isEqualTo("L2");
    assertThat(index(VectorType.INT8, metric(VectorType.INT8, "dot"), config).metric())
        .isEqualTo("IP");
    assertThat(index(VectorType.BINARY, metric(VectorType.BINARY, "JACCARD"), config))
        .isEqualTo(new VectorIndex("BIN_FLAT", "JACCARD", Map.of()));
    Schema sparse = VectorSchema.builder(VectorType.SPARSE).build();
    assertThat(index(VectorType.SPARSE, sparse, config))
        .isEqualTo(new VectorIndex("SPARSE_INVERTED_INDEX", "IP", Map.of()));
    assertThatThrownBy(() -> index(VectorType.BINARY, metric(VectorType.BINARY, "COSINE"), config))
        .hasMessageContaining("names metric COSINE, expected one of HAMMING, JACCARD");
    MilvusSinkConfig other = MilvusSinkConfigTest.config("index.type", "AUTOINDEX");
    assertThat(index(VectorType.FLOAT, plain, other))
        .isEqualTo(new VectorIndex("AUTOINDEX", "COSINE", Map.of()));
    MilvusSinkConfig inner = MilvusSinkConfigTest.config("index.metric", "ip");
    assertThat(index(VectorType.FLOAT16, metric(VectorType.FLOAT16, "l2"), inner).metric())
        .isEqualTo("IP");
    assertThat(index(VectorType.BINARY, VectorSchema.builder(VectorType.BINARY, 8).build(), inner))
        .isEqualTo(new VectorIndex("BIN_FLAT", "HAMMING", Map.of()));
    MilvusSinkConfig given =
        MilvusSinkConfigTest.config("index.type", "IVF_FLAT", "index.params", "nlist=128");
    assertThat(index(VectorType.FLOAT, plain, given).parameters())
        .isEqualTo(Map.of("nlist", "128"));
  }

  private static VectorIndex index(VectorType type, Schema schema, MilvusSinkConfig config) {
    DataType field =
        switch (type) {
          case FLOAT -> DataType.FloatVector;
          case FLOAT16 -> DataType.Float16Vector;
          case BFLOAT16 -> DataType.BFloat16Vector;
          case INT8 -> DataType.Int8Vector;
          case BINARY -> DataType.BinaryVector;
          case SPARSE -> DataType.SparseFloatVector;
        };
    return VectorIndex.of(field, VectorIndex.metric(type, schema, config.indexMetric()), config);
  }

  private static Schema metric(VectorType type, String metric) {
    return VectorSchema.builder(type, 8).parameter(VectorSchema.METRIC, metric).build();
  }
}
