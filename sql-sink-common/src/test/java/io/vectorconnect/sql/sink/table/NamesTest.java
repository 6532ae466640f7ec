package io.vectorconnect.sql.sink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  private static final Identifiers NAMES = Identifiers.inDoubleQuotes(63);

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
    assertThat(NAMES.quote(TableId.of(format, topic))).isEqualTo(sql);
  }

  @Test
  void quotesAreDoubled() {
    assertThat(NAMES.quote("a\"; DROP TABLE x; --")).isEqualTo("\"a\"\"; DROP TABLE x; --\"");
  }

  @Test
  void aNameThatTheDatabaseWouldCutIsRefused() {
    String longest = "é".repeat(31) + "x";
    assertThat(NAMES.quote(longest)).hasSize(34);
    assertThatThrownBy(() -> NAMES.quote(longest + "y"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("longer than the 63 bytes")
        .hasMessageContaining("table.name.format");
    assertThatThrownBy(() -> NAMES.quote("")).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> NAMES.quote("a\0b")).isInstanceOf(DataException.class);
  }

  @Test
  void backticksAreDoubledAndCharactersCounted() {
    Identifiers names = Identifiers.inBackticks(64);
    assertThat(names.quote(new TableId("a`b", "c d"))).isEqualTo("`a``b`.`c d`");
    assertThat(names.quote("é".repeat(64))).hasSize(66);
    assertThatThrownBy(() -> names.quote("é".repeat(65)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("longer than the 64 characters");
    assertThat(names.shortened("x".repeat(65))).hasSizeLessThanOrEqualTo(64).startsWith("xxx");
    assertThat(names.shortened("x".repeat(65))).isNotEqualTo(names.shortened("x".repeat(66)));
  }

  @Test
  void twoColumnsIndexesNeverHaveOneName() {
    assertThat(NAMES.index(new TableId("", "docs"), "vec", "hnsw")).isEqualTo("docs_vec_hnsw");
    String one = NAMES.index(new TableId("", "docs_a"), "title_vec", "hnsw");
    String other = NAMES.index(new TableId("", "docs_a_title"), "vec", "hnsw");
    assertThat(one).startsWith("docs_a_title_vec_hnsw_").isNotEqualTo(other);
    assertThat(NAMES.index(new TableId("", "x_".repeat(40)), "v", "hnsw")).hasSize(63);
  }
}
