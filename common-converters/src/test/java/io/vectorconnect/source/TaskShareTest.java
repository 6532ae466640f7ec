package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

class TaskShareTest {
  private static final OffsetStorageReader NOTHING =
      new OffsetStorageReader() {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
          return null;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(
            Collection<Map<String, T>> partitions) {
          return Map.of();
        }
      };

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
  void eachRangeIsOneTasks() {
    Map<String, RangePlan> plans =
        Map.of("a", new RangePlan(List.of("10", "20")), "b", RangePlan.whole());
    List<String> all = new ArrayList<>();
    for (Map<String, String> config : TaskShare.configs(Map.of(), plans, 2)) {
      for (TaskShare.Share share : new TaskShare(config).shares(this::partition, NOTHING)) {
        assertThat(share.ranges()).isNotEmpty();
        share.ranges().forEach(range -> all.add(share.name() + range.index()));
      }
      all.add("|");
    }
    assertThat(all).containsExactly("a0", "a2", "|", "a1", "b0", "|");
  }

  @Test
  void aTaskOfOtherCollectionsHasNoShareInThis() {
    Map<String, RangePlan> plans = Map.of("a", RangePlan.whole(), "b", RangePlan.whole());
    List<Map<String, String>> configs = TaskShare.configs(Map.of(), plans, 2);
    assertThat(new TaskShare(configs.get(1)).shares(this::partition, NOTHING))
        .extracting(TaskShare.Share::name)
        .containsExactly("b");
    assertThat(
            new TaskShare(configs.get(1))
                .readers(this::partition, NOTHING, (name, offsets, range) -> name + range.index()))
        .containsExactly("b0");
  }

  private Map<String, String> partition(String name) {
    return Map.of("table", name);
  }

  @Test
  void namesAreChosenAsAWhole() {
    NameFilter filter = new NameFilter(List.of("docs.*", "users"), List.of(".*_old"));
    assertThat(filter.choose(List.of("users", "users2", "docs", "docs_old", "docs_new")))
        .containsExactly("docs", "docs_new", "users");
    assertThat(filter.missing(List.of("docs"))).containsExactly("users");
  }
}
