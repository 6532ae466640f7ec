package io.vectorconnect.it;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.response.QueryResp;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Looks at a collection with the eyes of the vendor's client. */
final class MilvusRows {
  private static final int PAGE = 5_000;

  private final MilvusClientV2 client;

  MilvusRows(MilvusClientV2 client) {
    this.client = client;
  }

  /** The rows that match, with all fields unless some are named. */
  List<Map<String, Object>> query(String collection, String filter, String... fields) {
    return client
        .query(
            QueryReq.builder()
                .collectionName(collection)
                .filter(filter)
                .outputFields(fields.length == 0 ? List.of("*") : List.of(fields))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build())
        .getQueryResults()
        .stream()
        .map(QueryResp.QueryResult::getEntity)
        .toList();
  }

  /** The rows with keys from 0 up to {@code limit} (exclusive), by key; fails on a double one. */
  Map<Long, Map<String, Object>> byId(String collection, long limit) {
    Map<Long, Map<String, Object>> rows = new HashMap<>();
    for (long from = 0; from < limit; from += PAGE) {
      String filter = "id >= %d and id < %d".formatted(from, Math.min(limit, from + PAGE));
      for (Map<String, Object> row : query(collection, filter)) {
        if (rows.put((Long) row.get("id"), row) != null) {
          throw new AssertionError("key " + row.get("id") + " comes twice from " + collection);
        }
      }
    }
    return rows;
  }

  /** Each row as {@code id|label|vector}, ordered by id. */
  List<String> labelled(String collection) {
    return query(collection, "id >= 0", "id", "label", "v").stream()
        .sorted(Comparator.comparing(row -> (Long) row.get("id")))
        .map(row -> row.get("id") + "|" + row.get("label") + "|" + row.get("v"))
        .toList();
  }

  /** The number of rows; -1 while there is no such collection, or not all of it answers yet. */
  long count(String collection) {
    if (!client.listCollections().getCollectionNames().contains(collection)) {
      return -1;
    }
    try {
      return (Long) query(collection, "", "count(*)").get(0).get("count(*)");
    } catch (MilvusClientException e) {
      return -1; // not loaded, or not yet again after a restart
    }
  }

  /** The bytes of a binary vector. */
  static String hex(Object buffer) {
    ByteBuffer copy = ((ByteBuffer) buffer).duplicate().rewind();
    byte[] bytes = new byte[copy.remaining()];
    copy.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
