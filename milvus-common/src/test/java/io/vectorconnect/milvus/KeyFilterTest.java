package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyFilterTest {

  @Test
  void listsIntegerKeys() {
    assertThat(KeyType.INT64.anyOf("id", List.of(1L, -7L, Long.MAX_VALUE).iterator()))
        .isEqualTo("id in [1,-7,9223372036854775807]");
    assertThat(KeyType.INT64.anyOf("id", List.of(Long.MIN_VALUE).iterator()))
        .isEqualTo("id in [-9223372036854775807 - 1]");
  }

  @Test
  void quotesTextKeys() {
    assertThat(
            KeyType.VARCHAR.anyOf("k", List.of("a\"b", "c\\d", "e\nf\u0001", "☃", "").iterator()))
        .isEqualTo("k in [\"a\\\"b\",\"c\\\\d\",\"e\\nf\\u0001\",\"☃\",\"\"]");
  }
}
