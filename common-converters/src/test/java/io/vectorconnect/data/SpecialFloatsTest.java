package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialFloatsTest {
  private static final Schema INNER =
      SchemaBuilder.struct().field("x", Schema.FLOAT64_SCHEMA).build();
  private static final Schema ROW =
      SchemaBuilder.struct()
          .field("narrow", Schema.OPTIONAL_FLOAT32_SCHEMA)
          .field("wide", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("list", SchemaBuilder.array(Schema.FLOAT32_SCHEMA).optional().build())
          .field(
              "map",
              SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.FLOAT64_SCHEMA).optional().build())
          .field("inner", SchemaBuilder.array(INNER).optional().build())
          .field("text", Schema.OPTIONAL_STRING_SCHEMA)
          .field("vector", VectorSchema.builder(VectorType.FLOAT, 1).optional().build())
          .build();

  private static void check(Struct row) {
    SpecialFloats.FAIL.check(row, () -> "file f, row 3");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0})
  void refusesSpecialValuesWhereverTheyAre(double special) {
    List<Struct> rows =
        List.of(
            new Struct(ROW).put("narrow", (float) special),
            new Struct(ROW).put("wide", special),
            new Struct(ROW).put("list", List.of(1f, (float) special)),
            new Struct(ROW).put("map", Map.of("k", special)),
            new Struct(ROW).put("inner", List.of(new Struct(INNER).put("x", special))));
    for (int i = 0; i < rows.size(); i++) {
      Struct row = rows.get(i);
      assertThatThrownBy(() -> check(row))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("file f, row 3, field " + ROW.fields().get(i).name() + ":")
          .hasMessageContaining("special.floats=pass");
      assertThatCode(() -> SpecialFloats.PASS.check(row, () -> "f")).doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> check(rows.get(2))).hasMessageContaining("field list: element 1: ");
  }

  @Test
  void letsAllOtherValuesPass() {
    check(
        new Struct(ROW)
            .put("narrow", 0f)
            .put("wide", Double.MIN_VALUE)
            .put("list", List.of(Float.MAX_VALUE, -1f))
            .put("map", Map.of("k", -Double.MAX_VALUE))
            .put("inner", List.of(new Struct(INNER).put("x", 0d)))
            .put("text", "NaN")
            .put("vector", new byte[] {0, 0, -64, 127})); // NaN in a packed vector
    check(new Struct(ROW));
  }

  @Test
  void failsUnlessConfiguredOtherwise() {
    ConfigDef def = SpecialFloats.define(new ConfigDef(), "Group", 1);
    assertThat(SpecialFloats.of(new AbstractConfig(def, Map.of()))).isEqualTo(SpecialFloats.FAIL);
    assertThat(SpecialFloats.of(new AbstractConfig(def, Map.of("special.floats", "pass"))))
        .isEqualTo(SpecialFloats.PASS);
  }
}
