package io.vectorconnect.milvus.source.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.ValueField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.FieldKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.RecordMapper.OtherSchemaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Columns that are not those of the schema. */
class RecordMapperTest {
  private static final FieldSchema ID =
      FieldSchema.newBuilder()
          .setFieldID(100)
          .setName("id")
          .setDataType(DataType.Int64)
          .setIsPrimaryKey(true)
          .build();
  private static final FieldSchema TEXT = text(101, "text").build();

  private static FieldSchema.Builder text(long id, String name) {
    return FieldSchema.newBuilder().setFieldID(id).setName(name).setDataType(DataType.VarChar);
  }

  private static RecordMapper mapper(Map<String, String> more, FieldSchema... fields) {
    Map<String, String> config = new HashMap<>(more);
    config.put("connection.uri", "http://localhost:19530");
    return new RecordMapper(
        new Collection("docs", 1, List.of(fields), true, Map.of()), new MilvusSourceConfig(config));
  }

  private static FieldData ids(long... ids) {
    LongArray.Builder data = LongArray.newBuilder();
    for (long id : ids) {
      data.addData(id);
    }
    return FieldData.newBuilder()
        .setFieldName("id")
        .setFieldId(100)
        .setScalars(ScalarField.newBuilder().setLongData(data))
        .build();
  }

  private static FieldData texts(long id, String name, String... texts) {
    return FieldData.newBuilder()
        .setFieldName(name)
        .setFieldId(id)
        .setScalars(
            ScalarField.newBuilder()
                .setStringData(StringArray.newBuilder().addAllData(List.of(texts))))
        .build();
  }

  private static FieldData dynamic(String document) {
    return FieldData.newBuilder()
        .setIsDynamic(true)
        .setScalars(
            ScalarField.newBuilder()
                .setJsonData(
                    JSONArray.newBuilder()
                        .addData(com.google.protobuf.ByteString.copyFromUtf8(document))))
        .build();
  }

  private static QueryResults page(FieldData... columns) {
    return QueryResults.newBuilder().addAllFieldsData(List.of(columns)).build();
  }

  private static List<String> names(RecordMapper mapper) {
    return mapper.valueSchema().fields().stream().map(Field::name).toList();
  }

  @Test
  void outputsOfFunctionsAreOnlyReadWhereTheyAreRequested() {
    FieldSchema sparse =
        FieldSchema.newBuilder()
            .setName("sparse")
            .setDataType(DataType.SparseFloatVector)
            .setIsFunctionOutput(true)
            .build();
    RecordMapper omitting = mapper(Map.of(), ID, TEXT, sparse);
    assertThat(names(omitting)).containsExactly("id", "text", "$meta");
    assertThat(omitting.outputs()).isEmpty();
    // Milvus leaves the output out of an answer, but the log has it.
    FieldData[] columns = {ids(1), texts(101, "text", "a"), dynamic("{}")};
    assertThat(omitting.map(page(columns), "")).hasSize(1);
    FieldData output = FieldData.newBuilder().setFieldName("sparse").build();
    assertThat(
            omitting.logged(List.of(columns[0], columns[1], columns[2], output), "", false).rows())
        .isEqualTo(1);

    RecordMapper requesting = mapper(Map.of(FieldKeys.OUTPUTS, "docs\\.sparse"), ID, TEXT, sparse);
    assertThat(names(requesting)).containsExactly("id", "text", "sparse", "$meta");
    assertThat(requesting.outputs()).containsExactly("sparse");
  }

  @Test
  void fieldsAreExcludedByName() {
    Map<String, String> config = Map.of(FieldKeys.EXCLUDE, "docs\\.text,docs\\.\\$meta");
    RecordMapper mapper = mapper(config, ID, TEXT);
    assertThat(names(mapper)).containsExactly("id");
    assertThat(mapper.map(page(ids(1), texts(101, "text", "a"), dynamic("{}")), "")).hasSize(1);
    assertThatThrownBy(() -> mapper(Map.of(FieldKeys.EXCLUDE, ".*"), ID, TEXT))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("excludes field id of collection docs, which is its primary key");
  }

  @Test
  void pagesNeedTheColumnsOfTheSchema() {
    RecordMapper mapper = mapper(Map.of(), ID, TEXT);
    assertThatThrownBy(() -> mapper.map(page(ids(1), dynamic("{}")), ""))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageContaining("does not have the fields [text]");
    FieldData added = texts(102, "added", "b");
    assertThatThrownBy(
            () -> mapper.map(page(ids(1), texts(101, "text", "a"), dynamic("{}"), added), ""))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageContaining("has the fields [added]");
    // Servers differ in which columns an empty answer has.
    assertThat(mapper.map(page(), "")).isEmpty();
    assertThat(mapper.map(page(ids()), "")).isEmpty();
  }

  @Test
  void rowsOfTheLogMayBeOlderThanTheSchema() {
    FieldSchema nullable = text(102, "nullable").setNullable(true).build();
    FieldSchema defaulted =
        text(103, "defaulted")
            .setNullable(true)
            .setDefaultValue(ValueField.newBuilder().setStringData("d"))
            .build();
    RecordMapper mapper = mapper(Map.of(), ID, TEXT, nullable, defaulted);
    List<FieldData> older = List.of(ids(7), texts(101, "text", "a"), dynamic("{}"));
    Struct row = mapper.logged(older, "", false).row(0).value();
    assertThat(row.get("nullable")).isNull();
    assertThat(row.get("defaulted")).isEqualTo("d");
    assertThat(row.get("text")).isEqualTo("a");
    assertThatThrownBy(() -> mapper.logged(List.of(ids(7), dynamic("{}")), "", false))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageContaining("[text]");
  }

  @Test
  void droppedFieldsOfTheLogAreLeftOutAndNewerOnesAreNot() {
    FieldSchema again = text(109, "again").setNullable(true).build();
    RecordMapper mapper = mapper(Map.of(), ID, TEXT, again);
    List<FieldData> columns =
        List.of(
            ids(7),
            texts(101, "text", "a"),
            dynamic("{}"),
            texts(105, "dropped", "b"),
            texts(106, "again", "of a field that was dropped"));
    Struct row = mapper.logged(columns, "", true).row(0).value();
    assertThat(row.get("text")).isEqualTo("a");
    assertThat(row.get("again")).isNull();
    assertThatThrownBy(() -> mapper.logged(columns, "", false))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageContaining("has the fields [dropped]");
  }
}
