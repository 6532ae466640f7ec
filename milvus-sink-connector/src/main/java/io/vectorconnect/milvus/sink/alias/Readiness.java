package io.vectorconnect.milvus.sink.alias;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.QueryResults;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.sink.alias.AliasRequests.Behind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a collection can take the place of the one that an alias has. */
final class Readiness {
  /** Rows that come after a flush may need another one. */
  private static final int LOOKS_A_FLUSH = 20;

  private final int minRowsPercent;

  /** Rows that were there before the flush; -1 before it. */
  private long flushed = -1;

  private int looks;

  Readiness(int minRowsPercent) {
    this.minRowsPercent = minRowsPercent;
  }

  /** The next look begins with another flush. */
  void again() {
    flushed = -1;
  }

  /**
   * What is still missing, if anything; the same call made later may find it done.
   *
   * @param before what the alias has now
   */
  Optional<String> missing(MilvusClient client, String name, Optional<Behind> before) {
    if (client.loadState(name, List.of()) != LoadState.LoadStateLoaded) {
      return Optional.of("it is not loaded yet");
    }
    long rows = count(client, name);
    Optional<String> tooFew = before.flatMap(old -> tooFew(client, rows, old));
    if (tooFew.isPresent()) {
      return tooFew;
    }
    if (flushed < 0 || ++looks % LOOKS_A_FLUSH == 0) {
      AliasRequests.flush(client, name);
      flushed = rows;
    }
    return unindexed(client, name, Math.min(rows, flushed));
  }

  /** Every row counts that was acknowledged before. */
  static long count(MilvusClient client, String name) {
    Collection collection = Collection.describe(client, name);
    String all = collection.keyType().any(collection.key().getName());
    return client.count(name, all, client.guaranteeNow());
  }

  private Optional<String> tooFew(MilvusClient client, long rows, Behind old) {
    if (minRowsPercent == 0) {
      return Optional.empty();
    }
    long before;
    try {
      before = count(client, old.name());
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NOT_LOADED
          || e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return Optional.empty(); // nobody reads there
      }
      throw e;
    }
    return rows * 100.0 >= (double) before * minRowsPercent
        ? Optional.empty()
        : Optional.of(
            "it has %,d rows, and %s has %,d: less than alias.min.rows.percent=%d; if that is right, lower it"
                .formatted(rows, old.name(), before, minRowsPercent));
  }

  private static Optional<String> unindexed(MilvusClient client, String name, long rows) {
    List<IndexDescription> indexes = AliasRequests.indexes(client, name);
    for (IndexDescription index : indexes) {
      Optional<String> missing = unindexed(index, rows);
      if (missing.isPresent()) {
        return missing;
      }
    }
    return indexes.isEmpty() ? Optional.of("it has no index") : Optional.empty();
  }

  /**
   * What one index is still missing. A server says that an index is finished before it has even
   * seen what was flushed, so that its rows count as well as its state. Once it is finished, its
   * numbers of rows may still differ where segments were compacted.
   *
   * @param rows that it has to have
   */
  static Optional<String> unindexed(IndexDescription index, long rows) {
    if (index.getState() == IndexState.Failed) {
      return Optional.of(
          "the index of field %s failed; see the log of Milvus".formatted(index.getFieldName()));
    }
    boolean complete =
        index.getIndexedRows() >= index.getTotalRows() || index.getState() == IndexState.Finished;
    if (index.getTotalRows() >= rows && index.getPendingIndexRows() == 0 && complete) {
      return Optional.empty();
    }
    return Optional.of(
        "the index of field %s has %,d of %,d rows"
            .formatted(
                index.getFieldName(),
                index.getIndexedRows(),
                Math.max(rows, index.getTotalRows())));
  }

  /** How many of the sampled keys, whose rows were all acknowledged, are not there. */
  static int lost(MilvusClient client, String name, KeySample sample) {
    Set<Object> asked = sample.keys();
    if (asked.isEmpty()) {
      return 0;
    }
    Collection collection = Collection.describe(client, name);
    String key = collection.key().getName();
    String filter = collection.keyType().anyOf(key, asked.iterator());
    QueryResults rows = client.rows(name, filter, List.of(key), client.guaranteeNow());
    Set<Object> found = new HashSet<>();
    for (FieldData column : rows.getFieldsDataList()) {
      if (column.getFieldName().equals(key)) {
        found.addAll(column.getScalars().getLongData().getDataList());
        found.addAll(column.getScalars().getStringData().getDataList());
      }
    }
    return sample.without(asked, found).size();
  }
}
