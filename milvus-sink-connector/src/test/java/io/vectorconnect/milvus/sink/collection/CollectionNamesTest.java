package io.vectorconnect.milvus.sink.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class CollectionNamesTest {

  @Test
  void charactersThatMilvusRefusesBecomeUnderscores() {
    CollectionNames names = new CollectionNames("${topic}");
    assertThat(names.of("plain_1")).isEqualTo("plain_1");
    assertThat(names.of("a.b-ü")).isEqualTo("a_b__");
    assertThat(names.of("1st")).isEqualTo("_1st");
    assertThat(names.of("1st")).isEqualTo("_1st");
  }

  @Test
  void twoTopicsNeverMeetUnlessTheFormatSaysSo() {
    CollectionNames names = new CollectionNames("x-${topic}");
    assertThat(names.of("a.b")).isEqualTo("x_a_b");
    assertThatThrownBy(() -> names.of("a-b"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topics a.b and a-b would both go to collection x_a_b");
    CollectionNames fixed = new CollectionNames("all");
    assertThat(fixed.of("a")).isEqualTo("all");
    assertThat(fixed.of("b")).isEqualTo("all");
  }

  @Test
  void namesAreNeverCut() {
    assertThatThrownBy(() -> new CollectionNames("${topic}").of("x".repeat(256)))
        .hasMessageContaining("longer than the 255 characters");
  }
}
