package io.vectorconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.sink.Bisection.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BisectionTest {

  /** A table that takes rows all or none, refuses some, and loses the connection when told. */
  private static final class Table {
    final List<Integer> rows = new ArrayList<>();
    final List<Integer> errant = new ArrayList<>();
    final List<Integer> inOrder = new ArrayList<>();
    private final Set<Integer> bad;
    private final Set<Integer> losesConnection;
    int writes;

    Table(Set<Integer> bad, Set<Integer> losesConnection) {
      this.bad = bad;
      this.losesConnection = losesConnection;
    }

    void write(List<Integer> batch) throws TransientWriteException, RefusedException {
      assertThat(batch).isNotEmpty();
      if (losesConnection.contains(writes++)) {
        throw new TransientWriteException("connection lost", null);
      }
      for (int row : batch) {
        if (bad.contains(row)) {
          throw new RefusedException("row " + row, null);
        }
      }
      rows.addAll(batch);
      inOrder.addAll(batch);
    }

    void report(int row, RefusedException reason) {
      assertThat(reason).hasMessage("row " + row);
      errant.add(row);
      inOrder.add(row);
    }
  }

  @Property(tries = 2000)
  void reportsExactlyTheBadOnesAndWritesTheOthersInOrder(
      @ForAll @IntRange(max = 150) int size,
      @ForAll @Size(max = 40) Set<@IntRange(max = 149) Integer> picked)
      throws TransientWriteException {
    Set<Integer> bad = below(size, picked);
    Table table = new Table(bad, Set.of());
    List<Integer> pending = rows(size);
    Bisection.write(pending, table::write, table::report);
    assertThat(pending).isEmpty();
    assertThat(table.errant).containsExactlyElementsOf(bad);
    assertThat(table.rows).containsExactlyElementsOf(good(size, bad));
    assertThat(table.inOrder).isEqualTo(rows(size));
  }

  @Property(tries = 2000)
  void goesOnAfterALostConnection(
      @ForAll @IntRange(min = 1, max = 100) int size,
      @ForAll @Size(max = 20) Set<@IntRange(max = 99) Integer> picked,
      @ForAll @Size(min = 1, max = 10) Set<@IntRange(max = 60) Integer> losesConnection) {
    Set<Integer> bad = below(size, picked);
    Table table = new Table(bad, losesConnection);
    List<Integer> pending = rows(size);
    int lost = 0;
    while (!pending.isEmpty()) {
      try {
        Bisection.write(pending, table::write, table::report);
      } catch (TransientWriteException e) {
        lost++;
        // Written, reported and left to do: each row just once.
        List<Integer> all = new ArrayList<>(table.inOrder);
        all.addAll(pending);
        assertThat(all).isEqualTo(rows(size));
      }
    }
    int writes = table.writes;
    assertThat(lost).isEqualTo((int) losesConnection.stream().filter(i -> i < writes).count());
    assertThat(table.errant).containsExactlyElementsOf(bad);
    assertThat(table.rows).containsExactlyElementsOf(good(size, bad));
  }

  @Example
  void writesAGoodBatchAtOnce() throws TransientWriteException {
    Table table = new Table(Set.of(), Set.of());
    Bisection.write(rows(10_000), table::write, table::report);
    assertThat(table.writes).isEqualTo(1);
    Bisection.write(new ArrayList<>(), table::write, table::report);
    assertThat(table.writes).isEqualTo(1);
  }

  @Property(tries = 500)
  void fewWritesForFewBadRows(
      @ForAll @Size(min = 1, max = 20) Set<@IntRange(max = 4095) Integer> bad)
      throws TransientWriteException {
    Table table = new Table(bad, Set.of());
    Bisection.write(rows(4096), table::write, table::report);
    assertThat(table.writes).isLessThanOrEqualTo(bad.size() * 4 * 12);
  }

  @Example
  void whatTheReporterThrowsLeavesTheRowPending() {
    Table table = new Table(Set.of(5), Set.of());
    List<Integer> pending = rows(8);
    assertThatThrownBy(
            () ->
                Bisection.write(
                    pending,
                    table::write,
                    (row, reason) -> {
                      throw new IllegalStateException("nobody takes row " + row);
                    }))
        .hasMessage("nobody takes row 5");
    assertThat(table.rows).containsExactly(0, 1, 2, 3, 4);
    assertThat(pending).containsExactly(5, 6, 7);
  }

  private static List<Integer> rows(int size) {
    return new ArrayList<>(IntStream.range(0, size).boxed().toList());
  }

  private static Set<Integer> below(int size, Set<Integer> picked) {
    Set<Integer> below = new TreeSet<>(picked);
    below.removeIf(row -> row >= size);
    return below;
  }

  private static List<Integer> good(int size, Set<Integer> bad) {
    List<Integer> good = rows(size);
    good.removeAll(bad);
    return good;
  }
}
