package io.vectorconnect.oceanbase.source;

import io.vectorconnect.source.range.RangePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * A row's primary key as it stands in offsets.
 *
 * @param values one text for each column of the key
 */
record Key(List<String> values) {
  /** A JSON array of the values. */
  String toJson() {
    return new RangePlan(values).toJson();
  }

  /** A value and then those of this key. */
  Key behind(String first) {
    List<String> all = new ArrayList<>();
    all.add(first);
    all.addAll(values);
    return new Key(all);
  }

  /** Without the first value. */
  Key rest() {
    return new Key(values.subList(1, values.size()));
  }

  /** Reads {@link #toJson} back. */
  static Key fromJson(String json) {
    return new Key(RangePlan.fromJson(json).bounds());
  }
}
