package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.source.SourcePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

/**
 * A connector is reconfigured before its first offset is stored, and its table has grown, so that
 * the second plan has other bounds than the first one. Every order of the steps of old tasks, new
 * tasks and the connector must lead to tasks that have read every key.
 */
class TwoPlansTest {
  private static final int KEYS = 60;
  private static final int PAGE = 3;
  private static final ScanUnit UNIT = new ScanUnit("t", SourcePartition.of("table", "t"), 8);
  private static final RangePlan FIRST = new RangePlan(List.of("10", "20", "30"));

  /** How often a task waited for the connector, in all runs. */
  private static int waits;

  private static final RangePlan SECOND = new RangePlan(List.of("15", "25", "35"));

  /** Everything that lives outside of the processes. */
  private static final class World implements OffsetStorageReader {
    final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    final Set<Integer> published = new TreeSet<>();

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      return offsets.get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, offset(partition)));
      return found;
    }
  }

  /** A task, which reads its ranges page by page. */
  private static final class Reader {
    private final World world;
    private final Map<String, String> config;
    private final Map<Map<String, String>, Map<String, String>> unstored = new HashMap<>();
    private final Map<KeyRange, Integer> last = new HashMap<>();
    private RangeOffsets offsets;
    private boolean isDone;

    Reader(World world, Map<String, String> config) {
      this.world = world;
      this.config = config;
    }

    /** A task that may not start yet tries again later. */
    void start() {
      if (offsets != null) {
        return;
      }
      try {
        TaskShare.Share share = new TaskShare(config).shares(name -> UNIT, world).get(0);
        offsets = share.offsets();
        for (KeyRange range : share.ranges()) {
          String key = offsets.lastKey(range);
          String above = range.above() == null ? "0" : range.above();
          last.put(range, Integer.parseInt(key == null ? above : key));
        }
      } catch (OtherPlanException e) {
        waits++;
      }
    }

    /** Publishes a page of each range, and says whether there was one. */
    boolean publish() {
      boolean any = false;
      for (KeyRange range : List.copyOf(last.keySet())) {
        int end = range.isLast() ? KEYS : Integer.parseInt(range.upTo());
        for (int i = 0; i < PAGE && last.get(range) < end; i++) {
          int key = last.merge(range, 1, Integer::sum);
          world.published.add(key);
          unstored.put(offsets.partition(range), offsets.offset(Integer.toString(key)));
          any = true;
        }
      }
      return any;
    }

    void store() {
      unstored.forEach((partition, offset) -> world.offsets.put(partition, Map.copyOf(offset)));
      unstored.clear();
    }

    void finish() {
      while (publish()) {
        store();
      }
      try {
        if (offsets != null) {
          offsets.confirm();
          isDone = true;
        }
      } catch (OtherPlanException e) {
        waits++;
      }
    }
  }

  /** A run of the connector, its old tasks and its new ones. */
  private static final class Run {
    final World world = new World();
    final List<Reader> old = new ArrayList<>();
    PlanKeeper keeper = new PlanKeeper(() -> world);
    List<Reader> current = new ArrayList<>();

    Run() {
      PlanKeeper before = new PlanKeeper(() -> world);
      before.read(List.of(UNIT));
      before.decide("t", () -> FIRST);
      before.configs(Map.of(), 2).forEach(config -> old.add(new Reader(world, config)));
      old.forEach(Reader::start);
    }

    void decide() {
      current.forEach(Reader::store); // as Connect does when it stops a task
      keeper.read(List.of(UNIT));
      keeper.decide("t", () -> SECOND);
      current = new ArrayList<>();
      keeper.configs(Map.of(), 2).forEach(config -> current.add(new Reader(world, config)));
    }

    void watch() {
      if (!current.isEmpty() && keeper.isOutdated()) {
        decide();
        current.forEach(Reader::start);
      }
    }

    void step(String step) {
      switch (step.charAt(0)) {
        case 'o' -> act(old, step);
        case 'n' -> act(current, step);
        case 'd' -> decide();
        default -> watch();
      }
    }

    private static void act(List<Reader> tasks, String step) {
      int index = step.charAt(1) - '0';
      if (index >= tasks.size()) {
        return;
      }
      Reader task = tasks.get(index);
      switch (step.substring(2)) {
        case "start" -> task.start();
        case "publish" -> task.publish();
        default -> task.store();
      }
    }

    /** The old tasks have ended; the new ones run on, and the connector watches. */
    void end() {
      for (int i = 0; i < 10 && !current.stream().allMatch(task -> task.isDone); i++) {
        current.forEach(Reader::start);
        current.forEach(Reader::finish);
        watch();
      }
    }
  }

  private static void check(List<String> steps) {
    Run run = new Run();
    steps.forEach(run::step);
    run.end();
    assertThat(run.current).as("%s: tasks at their end", steps).allMatch(task -> task.isDone);
    assertThat(run.world.published).as("%s: published keys", steps).hasSize(KEYS);

    run.keeper = new PlanKeeper(() -> run.world); // the connector moves to another worker
    run.decide();
    run.current.forEach(Reader::start);
    run.end();
    assertThat(run.current).as("%s: after a restart", steps).allMatch(task -> task.isDone);
  }

  @Test
  void everyKeyIsReadInEveryOrderOfTheSteps() {
    List<List<String>> processes =
        List.of(
            List.of("o0publish", "o0store"),
            List.of("o1publish", "o1store"),
            List.of("d"),
            List.of("n0start", "n0publish", "n0store"),
            List.of("n1start", "n1publish"));
    int[] runs = {0};
    interleave(processes, new int[processes.size()], new ArrayList<>(), runs);
    assertThat(runs[0]).isGreaterThan(5_000);
    assertThat(waits).as("waits of tasks for the connector").isPositive();
  }

  private static void interleave(
      List<List<String>> processes, int[] next, List<String> steps, int[] runs) {
    boolean isEnd = true;
    for (int i = 0; i < next.length; i++) {
      boolean isOver = next[i] == processes.get(i).size();
      boolean isTooEarly = i > 2 && next[2] == 0; // new tasks begin when the connector has decided
      isEnd &= isOver;
      if (!isOver && !isTooEarly) {
        steps.add(processes.get(i).get(next[i]++));
        interleave(processes, next, steps, runs);
        next[i]--;
        steps.remove(steps.size() - 1);
      }
    }
    if (isEnd) {
      runs[0]++;
      check(steps);
    }
  }

  @Test
  void everyKeyIsReadWhenTheConnectorDecidesAgainInBetween() {
    Random random = new Random(19);
    List<String> steps =
        new ArrayList<>(
            List.of(
                "o0publish",
                "o0store",
                "o1publish",
                "o1store",
                "o0publish",
                "o0store",
                "o1store",
                "n0start",
                "n0publish",
                "n0store",
                "n1start",
                "n1publish",
                "n1store",
                "n0publish",
                "w",
                "w",
                "w"));
    for (int i = 0; i < 1_000; i++) {
      Collections.shuffle(steps, random);
      List<String> run = new ArrayList<>(steps);
      run.add(random.nextInt(4), "d");
      check(run);
    }
  }
}
