package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTypesTest {
  private static SchemaBuilder bits() {
    return SchemaBuilder.bytes().name("io.debezium.data.Bits");
  }

  @Test
  void bitsHaveTheLengthThatTheirSchemaTells() {
    Schema schema = bits().parameter("length", "12").build();
    assertThat(SqlTypes.of(schema, Set.of())).isEqualTo("BIT(12)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1); DROP TABLE t; --", "-1", "0", "", "99999999999"})
  void nothingButANumberGoesIntoADefinition(String length) {
    Schema schema = bits().parameter("length", length).build();
    assertThatThrownBy(() -> SqlTypes.of(schema, Set.of())).isInstanceOf(DataException.class);
  }

  @Test
  void bitsOfUnknownLengthAreRefused() {
    assertThatThrownBy(() -> SqlTypes.of(bits().build(), Set.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column.types");
  }
}
