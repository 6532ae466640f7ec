package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNameTest {
  private static final List<String> NAMES = List.of("My_Docs", "users", "collection.include.list");

  @ParameterizedTest
  @CsvSource({
    "my_docs, My_Docs",
    "mydocs, My_Docs",
    "MyDoc, My_Docs",
    "uesrs, users",
    "user, users",
    "colection.include.list, collection.include.list",
    "collection_include_list, collection.include.list",
    "collections.exclude.list, collection.include.list",
  })
  void findsWhatWasMeant(String wrong, String meant) {
    assertThat(SimilarName.find(wrong, NAMES)).contains(meant);
    assertThat(SimilarName.hint(wrong, NAMES)).isEqualTo("; there is " + meant);
  }

  @ParameterizedTest
  @CsvSource({"documents", "owner", "u", "usages", "include.list", "collection"})
  void leavesOtherNamesAlone(String other) {
    assertThat(SimilarName.find(other, NAMES)).isEmpty();
    assertThat(SimilarName.hint(other, NAMES)).isEmpty();
  }

  @Test
  void theMostSimilarNameCounts() {
    assertThat(SimilarName.find("batch.max.row", List.of("batch.min.rows", "batch.max.rows")))
        .contains("batch.max.rows");
  }

  @Test
  void exchangedNeighborsAreOneMistake() {
    assertThat(SimilarName.distance("ab", "ba")).isEqualTo(1);
    assertThat(SimilarName.distance("", "abc")).isEqualTo(3);
    assertThat(SimilarName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(SimilarName.distance("same", "same")).isZero();
  }
}
