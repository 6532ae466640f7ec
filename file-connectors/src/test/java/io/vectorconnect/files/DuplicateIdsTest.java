package io.vectorconnect.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DuplicateIdsTest {
  @Property(tries = 200)
  void findsTheSameAsASetInAnyNumberOfPasses(
      @ForAll @Size(max = 300) List<@IntRange(min = -40, max = 400) Integer> numbers,
      @ForAll @IntRange(min = 1, max = 50) int most,
      @ForAll boolean text) {
    Set<Integer> seen = new HashSet<>();
    long duplicates = 0;
    long first = -1;
    for (int i = 0; i < numbers.size(); i++) {
      if (!seen.add(numbers.get(i))) {
        duplicates++;
        first = first < 0 ? i : first;
      }
    }
    RowFile.Ids ids =
        (from, count) ->
            numbers.subList((int) from, (int) from + count).stream()
                .map(number -> text ? (Object) ("k" + number) : (Object) number.longValue())
                .toArray();
    assertThat(DuplicateIds.find(ids, numbers.size(), most))
        .isEqualTo(new DuplicateIds.Found(duplicates, first));
  }
}
