package io.vectorconnect.sql.sink.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.sink.Bisection.RefusedException;
import io.vectorconnect.sql.sink.table.SqlColumn;
import io.vectorconnect.sql.sink.table.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Changes in one batch against the same changes one after the other, on a table in memory. */
class ChangesWriterTest {
  private static final TableId TABLE = new TableId("", "t");
  private static final List<RowPlan<String>> PLANS =
      List.of(
          plan(RowPlan.Kind.ROW, "id", "a", "u"),
          plan(RowPlan.Kind.ROW, "id", "a"),
          plan(RowPlan.Kind.ROW, "id", "u"),
          plan(RowPlan.Kind.UPDATE, "id", "a"),
          plan(RowPlan.Kind.UPDATE, "id", "u"),
          plan(RowPlan.Kind.DELETE, "id"));

  private record Named(String name) implements SqlColumn {
    @Override
    public String declaration() {
      return "int";
    }

    @Override
    public boolean notNull() {
      return false;
    }

    @Override
    public boolean isGenerated() {
      return false;
    }

    @Override
    public Missing missing() {
      return Missing.NULL;
    }
  }

  private record Fake(RowPlan<String> plan, Long key, Map<String, Integer> values)
      implements SqlRow {
    @Override
    public List<SinkRecord> records() {
      int partition = (int) (key % 2);
      return List.of(new SinkRecord("t", partition, null, null, null, null, key));
    }

    @Override
    public long bytes() {
      return 1;
    }
  }

  private static final class FakeBatch extends RowBatch<Fake> {
    FakeBatch() {
      super(true);
    }

    @Override
    protected Fake updated(Fake earlier, Fake update) {
      Map<String, Integer> both = new HashMap<>(earlier.values());
      both.putAll(update.values());
      return new Fake(earlier.plan().unionWith(update.plan()), update.key(), both);
    }
  }

  /** A table with a unique column u and a column a that takes no negative numbers. */
  private static final class Table {
    private Map<Long, Map<String, Integer>> rows = new TreeMap<>();

    void load(List<? extends Collection<Fake>> steps) throws RefusedException {
      Map<Long, Map<String, Integer>> before = copy();
      try {
        for (Collection<Fake> step : steps) {
          assertThat(step).extracting(Fake::key).doesNotHaveDuplicates();
          Set<RowPlan<?>> plans = new HashSet<>();
          step.forEach(row -> plans.add(row.plan()));
          for (RowPlan<?> plan : plans) { // in any order
            for (Fake row : step) {
              if (row.plan() == plan) {
                apply(row);
              }
            }
          }
        }
      } catch (RefusedException e) {
        rows = before;
        throw e;
      }
    }

    private void apply(Fake row) throws RefusedException {
      if (row.plan().kind() == RowPlan.Kind.DELETE) {
        rows.remove(row.key());
        return;
      }
      if (row.plan().kind() == RowPlan.Kind.UPDATE && !rows.containsKey(row.key())) {
        throw new RefusedException("no such row", null);
      }
      if (row.values().getOrDefault("a", 0) < 0) {
        throw new RefusedException("check", null);
      }
      Integer unique = row.values().get("u");
      for (Map.Entry<Long, Map<String, Integer>> other : rows.entrySet()) {
        if (unique != null
            && !other.getKey().equals(row.key())
            && unique.equals(other.getValue().get("u"))) {
          throw new ChangesWriter.ConflictException("unique");
        }
      }
      rows.computeIfAbsent(row.key(), key -> new TreeMap<>()).putAll(row.values());
    }

    private Map<Long, Map<String, Integer>> copy() {
      Map<Long, Map<String, Integer>> copy = new TreeMap<>();
      rows.forEach((key, values) -> copy.put(key, new TreeMap<>(values)));
      return copy;
    }
  }

  private static RowPlan<String> plan(RowPlan.Kind kind, String... columns) {
    return new RowPlan<>(
        kind,
        TABLE,
        Stream.of(columns).map(name -> new RowPlan.Cell<>(new Named(name), null, name)).toList(),
        1,
        List.of(),
        kind == RowPlan.Kind.ROW && columns.length == 3);
  }

  private static Fake change(int plan, long key, int a, int u) {
    Map<String, Integer> values = new HashMap<>();
    for (String column : PLANS.get(plan).columnNames()) {
      if (!column.equals("id")) {
        values.put(column, column.equals("a") ? a : u);
      }
    }
    return new Fake(PLANS.get(plan), key, values);
  }

  private static List<Fake> write(Table table, List<Fake> changes) throws Exception {
    FakeBatch batch = new FakeBatch();
    changes.forEach(batch::add);
    List<Fake> reported = new ArrayList<>();
    for (RowBatch.Changes<Fake> of : batch.tables().values()) {
      ChangesWriter.writeAll(List.of(new ChangesWriter<Fake>(of, table::load, row -> false)))
          .refused()
          .forEach(refused -> reported.add(refused.row()));
    }
    return reported;
  }

  @Test
  void whatGoesOneByOneComesToTheSameInOneBatch() throws Exception {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Table oneByOne = new Table();
      for (long key = 0; key < 3; key++) {
        oneByOne.load(List.of(List.of(change(0, key, 1, (int) key))));
      }
      Table inOneBatch = new Table();
      inOneBatch.rows = oneByOne.copy();
      List<Fake> changes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Fake change =
            change(
                random.nextInt(PLANS.size()),
                random.nextInt(5),
                random.nextInt(100),
                random.nextInt(6));
        try {
          oneByOne.load(List.of(List.of(change)));
          changes.add(change);
        } catch (RefusedException e) {
          // the source would not have had it
        }
      }
      List<Fake> reported = write(inOneBatch, changes);
      assertThat(reported).as("seed %d", seed).isEmpty();
      assertThat(inOneBatch.rows).as("seed %d", seed).isEqualTo(oneByOne.rows);
    }
  }

  @Test
  void onlyTheRefusedOneOfTwoChangesIsReported() throws Exception {
    Table table = new Table();
    Fake good = change(0, 1, 5, 5);
    Fake bad = change(1, 1, -1, 0);
    assertThat(write(table, List.of(good, bad))).containsExactly(bad);
    assertThat(table.rows).isEqualTo(Map.of(1L, Map.of("a", 5, "u", 5)));
  }

  @Test
  void aConflictIsOverWhenALaterChangeMakesRoom() throws Exception {
    Table table = new Table();
    table.load(List.of(List.of(change(0, 1, 0, 7), change(0, 2, 0, 8))));
    Fake never = change(0, 4, 0, 8);
    List<Fake> changes = List.of(change(0, 3, 0, 7), never, change(0, 1, 0, 9));
    assertThat(write(table, changes)).containsExactly(never);
    assertThat(table.rows.keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void rowsThatWaitAreNotTriedOneByOneForEver() throws Exception {
    FakeBatch batch = new FakeBatch();
    for (long key = 0; key < 10_000; key++) {
      batch.add(change(0, key, 1, (int) key));
    }
    int[] loads = {0};
    ChangesWriter.Result<Fake> result =
        ChangesWriter.writeAll(
            List.of(
                new ChangesWriter<Fake>(
                    batch.tables().get(TABLE),
                    steps -> {
                      loads[0]++;
                      throw new ChangesWriter.ReferenceException("no parent");
                    },
                    row -> true)));
    assertThat(result.waiting()).extracting(Fake::key).contains(0L, 1L);
    assertThat(result.refused()).isEmpty();
    assertThat(loads[0]).isLessThan(500);
  }

  @Test
  void rowsOfOtherPartitionsDoNotWaitBehindThem() throws Exception {
    FakeBatch batch = new FakeBatch();
    for (long key = 0; key < 1_000; key++) {
      batch.add(change(0, key, 1, (int) key));
    }
    ChangesWriter.Result<Fake> result =
        ChangesWriter.writeAll(
            List.of(
                new ChangesWriter<Fake>(
                    batch.tables().get(TABLE),
                    steps -> {
                      if (steps.stream()
                          .flatMap(Collection::stream)
                          .anyMatch(r -> r.key() % 2 == 0)) {
                        throw new ChangesWriter.ReferenceException("no parent");
                      }
                    },
                    row -> true)));
    assertThat(result.waiting()).isNotEmpty().allMatch(row -> row.key() % 2 == 0);
    assertThat(result.waiting()).extracting(Fake::key).contains(0L);
    assertThat(result.refused()).isEmpty();
  }

  @Test
  void aRowThatMayNotWaitIsRefused() throws Exception {
    FakeBatch batch = new FakeBatch();
    Fake good = change(0, 1, 1, 1);
    Fake orphan = change(0, 2, 1, 2);
    batch.add(good);
    batch.add(orphan);
    Table table = new Table();
    ChangesWriter.Result<Fake> result =
        ChangesWriter.writeAll(
            List.of(
                new ChangesWriter<Fake>(
                    batch.tables().get(TABLE),
                    steps -> {
                      if (steps.stream().anyMatch(step -> step.contains(orphan))) {
                        throw new ChangesWriter.ReferenceException("no parent");
                      }
                      table.load(steps);
                    },
                    row -> row.key() != 2)));
    assertThat(result.waiting()).isEmpty();
    assertThat(result.refused()).extracting(ChangesWriter.Refused::row).containsExactly(orphan);
    assertThat(table.rows).containsOnlyKeys(1L);
  }
}
