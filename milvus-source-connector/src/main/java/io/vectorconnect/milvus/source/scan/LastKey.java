package io.vectorconnect.milvus.source.scan;

import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.source.PageSize;

/** Goes through a collection's keys, without their rows, to the greatest one. */
public final class LastKey implements RangePlanner.Keys {
  /** Keys of a page together, about, in bytes. */
  private static final int PAGE_BYTES = 4 << 20;

  private final MilvusClient client;
  private final Collection collection;
  private final ReadBarrier barrier;
  private final PageSize pageSize = new PageSize(MilvusSourceConfig.MAX_PAGE, PAGE_BYTES);

  public LastKey(MilvusClient client, Collection collection, ReadBarrier barrier) {
    this.client = client;
    this.collection = collection;
    this.barrier = barrier;
  }

  /** The greatest key above one (above none when null), or that one when there is none above it. */
  @Override
  public String greatest(String above) {
    KeyType type = collection.keyType();
    String field = collection.key().getName();
    String greatest = above;
    while (true) {
      String filter = greatest == null ? type.any(field) : type.above(field, greatest).orElse(null);
      if (filter == null) {
        return greatest;
      }
      // Only an empty page is the end: where a segment ends the server gives fewer than it could.
      String last = lastKey(page(filter, field));
      if (last == null || (greatest != null && type.compare(greatest, last) >= 0)) {
        return greatest;
      }
      greatest = last;
    }
  }

  /** Numbers are small; how long texts are, the first page tells. */
  private int limit() {
    return collection.keyType() == KeyType.INT64 ? MilvusSourceConfig.MAX_PAGE : pageSize.rows();
  }

  private QueryResults page(String filter, String field) {
    while (true) {
      try {
        QueryResults page =
            client.keys(collection.name(), filter, field, limit(), barrier.freshness());
        pageSize.seen(rows(page), page.getSerializedSize());
        return page;
      } catch (MilvusException e) {
        if (e.kind() != MilvusException.Kind.TOO_LARGE || !pageSize.halve()) {
          throw e;
        }
      }
    }
  }

  private int rows(QueryResults page) {
    if (page.getFieldsDataCount() == 0) {
      return 0;
    }
    ScalarField keys = page.getFieldsData(0).getScalars();
    return collection.keyType() == KeyType.INT64
        ? keys.getLongData().getDataCount()
        : keys.getStringData().getDataCount();
  }

  private String lastKey(QueryResults page) {
    int last = rows(page) - 1;
    if (last < 0) {
      return null;
    }
    ScalarField keys = page.getFieldsData(0).getScalars();
    return collection.keyType() == KeyType.INT64
        ? Long.toString(keys.getLongData().getData(last))
        : keys.getStringData().getData(last);
  }
}
