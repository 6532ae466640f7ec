package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class FieldMappingTest {
  private static final Schema META =
      SchemaBuilder.struct().field("title", Schema.STRING_SCHEMA).build();
  private static final Schema ROW =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("meta", META)
          .field("note", Schema.STRING_SCHEMA)
          .build();

  private static FieldMapping mapping(String... config) {
    Map<String, String> properties = new java.util.HashMap<>();
    for (int i = 0; i < config.length; i += 2) {
      properties.put(config[i], config[i + 1]);
    }
    return new FieldMapping(
        new AbstractConfig(FieldMapping.define(new ConfigDef()), properties, false));
  }

  private static Change change(boolean schemaless) {
    if (schemaless) {
      Map<String, Object> row = Map.of("id", 7L, "meta", Map.of("title", "T"), "note", "N");
      return Change.of(new SinkRecord("t", 0, null, null, null, row, 0));
    }
    Struct row =
        new Struct(ROW)
            .put("id", 7L)
            .put("meta", new Struct(META).put("title", "T"))
            .put("note", "N");
    return Change.of(new SinkRecord("t", 0, null, null, ROW, row, 0));
  }

  private static Map<String, Object> columns(FieldMapping mapping, boolean schemaless) {
    Change change = change(schemaless);
    Map<String, Object> columns = new java.util.TreeMap<>();
    for (RecordField field : mapping.ofRow(RecordField.ofRow(change))) {
      columns.put(field.name(), field.extractor().get(change));
    }
    return columns;
  }

  @Test
  void withoutKeysEveryFieldIsAColumn() {
    assertThat(columns(mapping(), false)).containsOnlyKeys("id", "meta", "note");
    assertThat(columns(mapping(), true)).containsOnlyKeys("id", "meta", "note");
  }

  @Test
  void fieldsAreRenamedAndTakenFromInsideOfOthers() {
    FieldMapping mapping = mapping("fields.mapping", "id:pk,meta.title:title,meta.none:gone");
    assertThat(columns(mapping, true))
        .hasSize(4)
        .containsEntry("pk", 7L)
        .containsEntry("title", "T")
        .containsEntry("note", "N")
        .containsEntry("gone", null);
    assertThatThrownBy(() -> columns(mapping, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("field meta has no field none");
    FieldMapping right = mapping("fields.mapping", "meta.title:title");
    assertThat(columns(right, false)).isEqualTo(Map.of("id", 7L, "title", "T", "note", "N"));
    List<RecordField> fields = right.ofRow(RecordField.ofRow(change(false)));
    assertThat(fields.get(1).schema()).isEqualTo(Schema.STRING_SCHEMA);
  }

  @Test
  void fieldsAreChosenOrLeftOut() {
    assertThat(columns(mapping("fields.include", "note"), false)).containsOnlyKeys("note");
    assertThat(columns(mapping("fields.exclude", "note,meta"), false)).containsOnlyKeys("id");
    assertThat(columns(mapping("fields.include", "meta", "fields.mapping", "meta.title:t"), false))
        .containsOnlyKeys("meta", "t");
  }

  @Test
  void keysAreRenamedToo() {
    RecordField key = new RecordField("id", Schema.INT64_SCHEMA, c -> 1L);
    assertThat(mapping("fields.mapping", "id:pk").ofKey(List.of(key)))
        .extracting(RecordField::name)
        .containsExactly("pk");
  }

  @Test
  void entriesWithoutColonAreRefused() {
    assertThatThrownBy(() -> mapping("fields.mapping", "id"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("list of field:column");
  }
}
