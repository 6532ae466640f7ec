package io.vectorconnect.milvus.sink.alias;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which keys are looked up before an alias is switched. */
class KeySampleTest {
  private final KeySample sample = new KeySample();

  @Test
  void fewKeysAreAllThere() {
    for (long key = 0; key < 900; key++) {
      sample.add(key);
      sample.add("text " + key % 50);
    }
    sample.remove(7L);
    sample.remove("text 8");
    assertThat(sample.keys()).hasSize(948).contains(6L, "text 7").doesNotContain(7L, "text 8");
  }

  @Test
  void ofManyKeysASampleWhereverTheyComeFrom() {
    for (long key = 0; key < 100_000; key++) {
      sample.add(key);
      sample.add(key * 1_000_003);
    }
    Set<Object> keys = sample.keys();
    assertThat(keys).hasSizeBetween(250, 1_000);
    assertThat(keys).anyMatch(key -> (Long) key < 50_000).anyMatch(key -> (Long) key > 90_000_000);
    for (long key = 0; key < 100_000; key++) {
      sample.remove(key);
      sample.remove(key * 1_000_003);
    }
    assertThat(sample.keys()).isEmpty();
  }

  @Test
  void whatIsDeletedDuringALookIsNotMissing() {
    sample.add(1L);
    sample.add(2L);
    sample.add(3L);
    Set<Object> asked = sample.keys();
    sample.remove(3L);
    sample.add(4L);
    assertThat(sample.without(asked, new HashSet<>(Set.of(1L)))).containsExactly(2L);
    sample.clear();
    assertThat(sample.keys()).isEmpty();
  }
}
