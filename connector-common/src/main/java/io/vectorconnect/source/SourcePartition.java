package io.vectorconnect.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Names what an offset is about, in the one order of fields that every worker writes.
 *
 * <p>Connect stores an offset under the JSON text of its source partition, so the order of the
 * fields is part of the key. Connect's REST API reads partitions with {@code JsonConverter}, which
 * puts the fields into a {@link HashMap} of the default capacity, and writes them in the order of
 * that map. A map that is built in the same way has the same order: {@link #toMap}. A map from
 * {@link Map#of}, whose order differs between JVMs, or a copy of a map, whose capacity differs,
 * does not.
 */
public final class SourcePartition {
  private final Map<String, String> fields;

  private SourcePartition(Map<String, String> fields) {
    Map<String, String> ordered = new HashMap<>(); // as JsonConverter does; see above
    for (String name : new TreeSet<>(fields.keySet())) {
      ordered.put(name, fields.get(name));
    }
    this.fields = Collections.unmodifiableMap(ordered);
  }

  /** A partition of one field. */
  public static SourcePartition of(String name, String value) {
    return new SourcePartition(Map.of(name, value));
  }

  /** The same partition with one more field. */
  public SourcePartition with(String name, String value) {
    Map<String, String> more = new HashMap<>(fields);
    more.put(name, value);
    return new SourcePartition(more);
  }

  /** The fields, in the order in which Connect's REST API writes them. */
  public Map<String, String> toMap() {
    return fields;
  }

  /**
   * The same fields in every other order. Versions before this class existed stored offsets under
   * any of them.
   */
  public List<Map<String, String>> otherOrders() {
    List<Map<String, String>> orders = new ArrayList<>();
    permute(new ArrayList<>(fields.keySet()), 0, orders);
    orders.remove(0); // the order of toMap
    return orders;
  }

  private void permute(List<String> names, int from, List<Map<String, String>> orders) {
    if (from == names.size()) {
      Map<String, String> order = new LinkedHashMap<>();
      names.forEach(name -> order.put(name, fields.get(name)));
      orders.add(Collections.unmodifiableMap(order));
      return;
    }
    for (int i = from; i < names.size(); i++) {
      Collections.swap(names, from, i);
      permute(names, from + 1, orders);
      Collections.swap(names, from, i);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourcePartition partition && fields.equals(partition.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
