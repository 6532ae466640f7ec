package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.oceanbase.source.KeyColumn.Form;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecialFloatsTest {
  private static final Table TABLE =
      new Table(
          "d",
          "t",
          List.of(
              new Column("id", "bigint", "bigint(20)", false, 20, 0),
              new Column("f", "double", "double", false, 22, 0)),
          List.of(new KeyColumn("id", Form.NUMBER)));

  private static Object read(String number, Map<String, String> more) {
    Map<String, String> config = new HashMap<>(more);
    config.putAll(
        Map.of(
            "connection.host", "127.0.0.1",
            "connection.database", "d",
            "connection.user", "u",
            "connection.password", "p"));
    byte[] id = {'1'};
    byte[][] row = {id, id, number.getBytes(StandardCharsets.UTF_8)};
    return new RecordMapper(TABLE, "t", new OceanBaseSourceConfig(config).source())
        .map(row, new ColumnReader.Reading(VectorForm.SPLIT, null))
        .value()
        .get("f");
  }

  @Test
  void numbersThatJsonConverterChangesAreRefusedUnlessTheyMayPass() {
    assertThatThrownBy(() -> read("-0", Map.of()))
        .isInstanceOf(RecordMapper.InexactException.class)
        .hasMessageContaining("table t, field f: negative zero");
    assertThat(read("-0", Map.of("special.floats", "pass"))).isEqualTo(-0d);
    assertThat(read("0", Map.of())).isEqualTo(0d);
  }
}
