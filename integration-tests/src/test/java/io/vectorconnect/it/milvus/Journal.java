package io.vectorconnect.it.milvus;

import io.milvus.grpc.FieldData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When the rows of one collection were written, and what they were. */
final class Journal {
  /** How many shards there are; one of them is behind. */
  private static final int SHARDS = 2;

  private final Map<Object, List<Version>> versions = new HashMap<>();
  private long last;

  /** One write of a row; a deletion has no columns. */
  private static final class Version {
    private final long time;
    private final List<FieldData> columns;
    private final int row;
    private boolean compacted;

    private Version(long time, List<FieldData> columns, int row) {
      this.time = time;
      this.columns = columns;
      this.row = row;
    }
  }

  /** What a read sees of a row that is there at present. */
  sealed interface Sight {
    /** The row as it is. */
    record Present() implements Sight {}

    /** The row as it was. */
    record Old(List<FieldData> columns, int row) implements Sight {}

    /** Nothing. */
    record Nothing() implements Sight {}
  }

  /** Remembers an insert or upsert. */
  void written(List<Object> keys, List<FieldData> columns, long time) {
    for (int row = 0; row < keys.size(); row++) {
      add(keys.get(row), new Version(time, columns, row));
    }
  }

  /** Remembers a deletion. */
  void deleted(List<Object> keys, long time) {
    keys.forEach(key -> add(key, new Version(time, List.of(), 0)));
  }

  private void add(Object key, Version version) {
    versions.computeIfAbsent(key, k -> new ArrayList<>()).add(version);
    last = Math.max(last, version.time);
  }

  /** Drops all but the last version of each row. */
  void compact() {
    for (List<Version> ofKey : versions.values()) {
      ofKey.subList(0, ofKey.size() - 1).forEach(version -> version.compacted = true);
    }
  }

  /** Whether a read of that time sees something else than the present. */
  boolean differs(ReadTime time) {
    return last > time.time();
  }

  /** What a read sees of a row that is there at present; rows from elsewhere are old. */
  Sight see(Object key, ReadTime time) {
    boolean isBehind = Math.floorMod(key.hashCode(), SHARDS) == 1;
    if (!time.isAsOf() && !isBehind) {
      return new Sight.Present();
    }
    List<Version> ofKey = versions.getOrDefault(key, List.of());
    for (int i = ofKey.size() - 1; i >= 0; i--) {
      Version version = ofKey.get(i);
      if (version.time <= time.time()) {
        if (i == ofKey.size() - 1) {
          return new Sight.Present();
        }
        boolean isGone = version.columns.isEmpty() || (version.compacted && time.isAsOf());
        return isGone ? new Sight.Nothing() : new Sight.Old(version.columns, version.row);
      }
    }
    return ofKey.isEmpty() ? new Sight.Present() : new Sight.Nothing();
  }
}
