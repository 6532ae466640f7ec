package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "${topic}, t, '\"t\"'",
    "${topic}, a.b, '\"a.b\"'",
    "archive.${topic}, a.b, '\"archive\".\"a.b\"'",
    "archive.x_${topic}_y, t, '\"archive\".\"x_t_y\"'",
    "${topic}.copy, t, '\"t.copy\"'",
    "${table}, shop.public.items, '\"items\"'",
    "${table}, items, '\"items\"'",
    "archive.${table}_of_${topic}, a.b, '\"archive\".\"b_of_a.b\"'",
    "fixed, t, '\"fixed\"'",
    "s.fixed, t, '\"s\".\"fixed\"'",
  })
  void onlyDotsOfTheFormatSeparateASchema(String format, String topic, String sql) {
    assertThat(TableId.of(format, topic).sql()).isEqualTo(sql);
  }

  @Test
  void quotesAreDoubled() {
    assertThat(Identifiers.quote("a\"; DROP TABLE x; --")).isEqualTo("\"a\"\"; DROP TABLE x; --\"");
  }

  @Test
  void aNameThatTheDatabaseWouldCutIsRefused() {
    String longest = "é".repeat(31) + "x";
    assertThat(Identifiers.quote(longest)).hasSize(34);
    assertThatThrownBy(() -> Identifiers.quote(longest + "y"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("longer than the 63 bytes")
        .hasMessageContaining("table.name.format");
    assertThatThrownBy(() -> Identifiers.quote("")).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> Identifiers.quote("a\0b")).isInstanceOf(DataException.class);
  }
}
