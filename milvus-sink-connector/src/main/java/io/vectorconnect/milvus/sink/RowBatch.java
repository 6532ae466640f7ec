package io.vectorconnect.milvus.sink;

import io.vectorconnect.sink.Batch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encoded changes. Where rows have keys, only the last change of each is kept. */
final class RowBatch implements Batch {
  /** What a row costs beside its bytes: the objects around it. */
  private static final int ROW_OVERHEAD = 200;

  /** What can go in one request. */
  private record Group(Target target, RowPlan.Kind kind) {}

  private final boolean keyed;
  private final Map<String, Map<Object, Row>> byKey = new HashMap<>();
  private final List<Row> inOrder = new ArrayList<>();
  private List<List<Row>> pending;
  private int rows;
  private long bytes;

  RowBatch(boolean keyed) {
    this.keyed = keyed;
  }

  void add(Row row) {
    bytes += row.bytes() + ROW_OVERHEAD;
    if (!keyed) {
      inOrder.add(row);
      rows++;
      return;
    }
    Row replaced =
        byKey
            .computeIfAbsent(row.plan().target().collection(), c -> new LinkedHashMap<>())
            .put(row.key(), row);
    if (replaced == null) {
      rows++;
    } else {
      bytes -= replaced.bytes() + ROW_OVERHEAD;
    }
  }

  /**
   * What is left to write, in groups of one target and kind; the writer removes from the groups
   * what is done. The order of the groups does not matter, for no key is in two of them.
   */
  List<List<Row>> pending() {
    if (pending == null) {
      Map<Group, List<Row>> groups = new LinkedHashMap<>();
      collect(inOrder, groups);
      byKey.values().forEach(changes -> collect(changes.values(), groups));
      pending = new ArrayList<>(groups.values());
      inOrder.clear();
      byKey.clear();
    }
    return pending;
  }

  private static void collect(Collection<Row> rows, Map<Group, List<Row>> groups) {
    for (Row row : rows) {
      groups
          .computeIfAbsent(
              new Group(row.plan().target(), row.plan().kind()), group -> new ArrayList<>())
          .add(row);
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
