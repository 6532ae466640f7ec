package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskShareTest {
  @Test
  void thereAreNoMoreTasksThanRanges() {
    Map<String, RangePlan> plans =
        Map.of("a", new RangePlan(List.of("10", "20")), "b", RangePlan.whole());
    assertThat(TaskShare.configs(Map.of("name", "n"), plans, 10)).hasSize(4);
    List<Map<String, String>> two = TaskShare.configs(Map.of("name", "n"), plans, 2);
    assertThat(two).hasSize(2).allMatch(config -> config.get("name").equals("n"));
    assertThat(two).extracting(config -> config.get("task.plan.a")).containsOnly("[\"10\",\"20\"]");
    assertThat(two).extracting(config -> config.get("task.index")).containsExactly("0", "1");
  }

  @Test
  void collectionsAreChosenByWholeNames() {
    NameFilter filter = new NameFilter(List.of("docs.*", "users"), List.of(".*_old"));
    assertThat(filter.choose(List.of("users", "users2", "docs", "docs_old", "docs_new")))
        .containsExactly("docs", "docs_new", "users");
    assertThat(filter.missing(List.of("docs"))).containsExactly("users");
  }
}
