package io.vectorconnect.oceanbase.source;

import io.vectorconnect.source.RangePlan;
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

  /** Reads {@link #toJson} back. */
  static Key fromJson(String json) {
    return new Key(RangePlan.fromJson(json).bounds());
  }
}
