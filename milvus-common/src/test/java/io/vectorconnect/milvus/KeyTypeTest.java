package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTypeTest {
  @Test
  void numbersAreComparedAsNumbersAndTextsByTheirUtf8Bytes() {
    assertThat(KeyType.INT64.compare("-5", "3")).isNegative();
    assertThat(KeyType.INT64.compare("10", "9")).isPositive();
    // U+FFFD sorts before U+1F600 by bytes, and after it by UTF-16 units.
    assertThat(KeyType.VARCHAR.compare("\uFFFD", "\uD83D\uDE00")).isNegative();
    assertThat(List.of("b", "", "é", "a", "\u007F").stream().sorted(KeyType.VARCHAR::compare))
        .containsExactly("", "a", "b", "\u007F", "é");
  }

  @Test
  void filtersNameOnlyNumbersThatMilvusCanParse() {
    assertThat(KeyType.INT64.above("id", "41")).hasValue("id >= 42");
    assertThat(KeyType.INT64.above("id", Long.toString(Long.MIN_VALUE)))
        .hasValue("id >= -9223372036854775807");
    assertThat(KeyType.INT64.above("id", Long.toString(Long.MAX_VALUE))).isEmpty();
    assertThat(KeyType.INT64.upTo("id", Long.toString(Long.MIN_VALUE)))
        .isEqualTo("id < -9223372036854775807");
    assertThat(KeyType.INT64.upTo("id", "7")).isEqualTo("id <= 7");
  }

  @Test
  void textsCannotEndTheirLiteral() {
    assertThat(KeyType.VARCHAR.above("id", "a\" or id != \""))
        .hasValue("id > \"a\\\" or id != \\\"\"");
  }
}
