package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.NameFilter;
import io.vectorconnect.source.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class TaskShareTest {
  private static final RangePlan THREE = new RangePlan(List.of("10", "a\"b\\"));
  private static final RangePlan OTHER = new RangePlan(List.of("5"));

  private final OffsetTopic topic = new OffsetTopic();

  private static Map<String, TaskShare.Decision> decisions(Set<String> superseded) {
    Map<String, TaskShare.Decision> decisions = new TreeMap<>();
    decisions.put("a", new TaskShare.Decision(THREE, superseded));
    decisions.put("b", new TaskShare.Decision(RangePlan.whole(), Set.of()));
    return decisions;
  }

  private static List<Map<String, String>> configs(
      Map<String, TaskShare.Decision> decisions, int maxTasks) {
    return TaskShare.configs(Map.of("name", "n"), TaskShare.divide(decisions, maxTasks));
  }

  private static ScanUnit unit(String name) {
    return new ScanUnit(name, SourcePartition.of("table", name));
  }

  @Test
  void thereAreNoMoreTasksThanRanges() {
    assertThat(configs(decisions(Set.of()), 10)).hasSize(4);
    List<Map<String, String>> two = configs(decisions(Set.of()), 2);
    assertThat(two).hasSize(2).allMatch(config -> config.get("name").equals("n"));
  }

  @Test
  void eachRangeIsOneTasks() {
    List<String> all = new ArrayList<>();
    for (Map<String, String> config : configs(decisions(Set.of()), 2)) {
      for (TaskShare.Share share : new TaskShare(config).shares(TaskShareTest::unit, topic)) {
        assertThat(share.offsets().plan())
            .isEqualTo(share.name().equals("a") ? THREE : RangePlan.whole());
        assertThat(share.ranges()).isNotEmpty();
        share.ranges().forEach(range -> all.add(share.name() + range.index()));
      }
      all.add("|");
    }
    assertThat(all).containsExactly("a0", "a2", "|", "a1", "b0", "|");
  }

  @Test
  void aTaskHasOnlyItsOwnShareInItsConfiguration() {
    List<Map<String, String>> configs = configs(decisions(Set.of()), 4);
    assertThat(configs.get(3).get("task.ranges")).isEqualTo("[\"b\"]");
    assertThat(configs.get(1).get("task.ranges"))
        .isEqualTo("[[\"a\",[\"10\",\"a\\\"b\\\\\"],[1],[]]]");
  }

  @Test
  void anOffsetOfAnotherPlanStopsTheTaskUnlessTheConnectorKnewOfIt() {
    RangeOffsets other = RangeOffsets.fresh(unit("a"), OTHER);
    topic.store(other.partition(OTHER.ranges().get(1)), other.offset("7"));
    Map<String, String> config = configs(decisions(Set.of()), 4).get(0);
    assertThatThrownBy(() -> new TaskShare(config).shares(TaskShareTest::unit, topic))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(OTHER.fingerprint())
        .hasMessageContaining(THREE.fingerprint())
        .hasMessageContaining("another range plan");

    Map<String, String> informed = configs(decisions(Set.of(OTHER.fingerprint())), 4).get(1);
    TaskShare.Share share = new TaskShare(informed).shares(TaskShareTest::unit, topic).get(0);
    assertThat(share.ranges()).extracting(KeyRange::index).containsExactly(1);
    assertThat(share.offsets().position(share.ranges().get(0)))
        .as("the other plan's position of range 1")
        .isEmpty();
  }

  @Test
  void anOffsetOfAnotherPlanThatIsStoredLaterShowsAtTheEnd() {
    Map<String, String> config = configs(decisions(Set.of()), 4).get(0);
    RangeOffsets mine = new TaskShare(config).shares(TaskShareTest::unit, topic).get(0).offsets();
    mine.confirm();
    topic.store(mine.partition(THREE.ranges().get(0)), mine.offset("3"));
    mine.confirm();
    RangeOffsets other = RangeOffsets.fresh(unit("a"), OTHER);
    topic.store(other.partition(OTHER.ranges().get(1)), other.offset("7"));
    assertThatThrownBy(mine::confirm)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("another range plan");
  }

  @Test
  void aConfigurationOfAnOlderVersionIsRefused() {
    assertThatThrownBy(
            () -> new TaskShare(Map.of("task.index", "0", "task.count", "1", "task.plan.a", "[]")))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("earlier version");
  }

  @Test
  void tensOfThousandsOfTenantsFitIntoAMessage() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    Map<String, TaskShare.Decision> tenants = new TreeMap<>();
    for (int i = 0; i < 30_000; i++) {
      tenants.put(
          "Documents/" + new UUID(random.nextLong(), random.nextLong()),
          new TaskShare.Decision(RangePlan.whole(), Set.of()));
    }
    List<Map<String, String>> one = configs(tenants, 1);
    assertThat(one.get(0).get("task.ranges").length()).isLessThan(950_000);
    assertThat(new TaskShare(one.get(0)).shares(TaskShareTest::twoRanges, topic))
        .extracting(TaskShare.Share::name)
        .containsExactlyElementsOf(tenants.keySet());

    for (int i = 0; i < 30_000; i++) {
      tenants.put(
          "Documents/" + new UUID(random.nextLong(), random.nextLong()),
          new TaskShare.Decision(RangePlan.whole(), Set.of()));
    }
    assertThatThrownBy(() -> configs(tenants, 1))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("raise tasks.max");
    assertThat(configs(tenants, 2)).hasSize(2);
  }

  private static ScanUnit twoRanges(String tenant) {
    return new ScanUnit(tenant, SourcePartition.of("tenant", tenant), 2);
  }

  @Test
  void namesAreChosenAsAWhole() {
    NameFilter filter = new NameFilter(List.of("docs.*", "users"), List.of(".*_old"));
    assertThat(filter.choose(List.of("users", "users2", "docs", "docs_old", "docs_new")))
        .containsExactly("docs", "docs_new", "users");
    assertThat(filter.missing(List.of("docs"))).containsExactly("users");
  }
}
