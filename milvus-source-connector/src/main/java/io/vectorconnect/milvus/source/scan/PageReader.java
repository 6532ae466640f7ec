package io.vectorconnect.milvus.source.scan;

import io.milvus.grpc.QueryResults;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Filter;
import io.vectorconnect.milvus.Freshness;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.CurrentSchema;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.range.KeyRange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows of one range of keys in pages, in the order of their keys. */
public final class PageReader {
  private static final Logger log = LoggerFactory.getLogger(PageReader.class);

  private static final int RECOUNTS = 10;

  private final MilvusClient client;
  private final Collection collection;
  private final CurrentSchema schema;
  private final KeyRange range;
  private final PageSize pageSize;

  public PageReader(
      MilvusClient client, CurrentSchema schema, KeyRange range, MilvusSourceConfig config) {
    this.client = client;
    this.collection = schema.collection();
    this.schema = schema;
    this.range = range;
    this.pageSize = config.source().pageSize();
  }

  /**
   * The filter for the keys of the range above one.
   *
   * @param lastKey null for all of them
   * @return empty when there can be none
   */
  public Optional<String> filter(String lastKey) {
    return filter(lastKey, range.upTo());
  }

  /**
   * The filter for the keys of the range above one, up to another one.
   *
   * @param lastKey null for all of them
   * @param upTo null for no bound
   * @return empty when there can be none
   */
  public Optional<String> filter(String lastKey, String upTo) {
    String field = collection.key().getName();
    KeyType type = collection.keyType();
    String above = lastKey != null ? lastKey : range.above();
    String lower = type.any(field);
    if (above != null) {
      Optional<String> bound = type.above(field, above);
      if (bound.isEmpty()) {
        return bound;
      }
      lower = bound.get();
    }
    return Optional.of(upTo == null ? lower : Filter.and(lower, type.upTo(field, upTo)));
  }

  /**
   * The first rows that match, or none when there are none.
   *
   * @param partition the one to read, or {@link Partitions#ANY}
   * @throws ConnectException when Milvus counts rows and returns none of them
   */
  public List<MappedRow> page(String partition, String filter, ReadBarrier barrier) {
    List<MappedRow> page = read(partition, filter, barrier.freshness());
    return page.isEmpty() ? recount(partition, filter, barrier) : page;
  }

  /**
   * The first rows that match, and among them every row that was acknowledged before the call. May
   * be empty although there are rows.
   */
  List<MappedRow> strongPage(String partition, String filter) {
    return read(partition, filter, Freshness.STRONG);
  }

  private List<MappedRow> read(String partition, String filter, Freshness freshness) {
    while (true) {
      try {
        QueryResults results =
            client.page(
                collection.name(),
                Partitions.list(partition),
                filter,
                schema.mapper().outputs(),
                pageSize.rows(),
                freshness);
        List<MappedRow> page = schema.map(results, partition);
        pageSize.seen(page.size(), results.getSerializedSize());
        return page;
      } catch (MilvusException e) {
        if (e.kind() != MilvusException.Kind.TOO_LARGE || !pageSize.halve()) {
          throw e;
        }
        log.info(
            "Reading {} in pages of {} rows: {}",
            collection.name(),
            pageSize.rows(),
            e.getMessage());
      }
    }
  }

  /**
   * Makes sure that an empty page is the end. Rows may come and go between page and count, and
   * another replica may count, so what is counted is read again strongly. Rows that are counted
   * every time and never returned would be lost: Milvus 2.3 takes the key 2^63 - 1 for a mark of
   * its own.
   */
  private List<MappedRow> recount(String partition, String filter, ReadBarrier barrier) {
    long counted = 0;
    for (int i = 0; i < RECOUNTS; i++) {
      counted =
          client.count(collection.name(), Partitions.list(partition), filter, barrier.freshness());
      if (counted == 0) {
        return List.of();
      }
      List<MappedRow> page = strongPage(partition, filter);
      if (!page.isEmpty()) {
        return page;
      }
    }
    throw new ConnectException(
        "Milvus counts %d rows of collection %s above the last key that was read, and returns none of them; give them other keys, or exclude the collection"
            .formatted(counted, collection.name()));
  }

  /**
   * Makes sure that a row's key is above the one before it.
   *
   * @param lastKey null before the first one
   */
  public void checkAscending(String lastKey, String key) {
    if (lastKey != null && collection.keyType().compare(lastKey, key) >= 0) {
      throw new ConnectException(
          "Milvus returned rows of collection %s out of the order of their keys; going on could lose rows (Milvus Lite is known for it; use a server)"
              .formatted(collection.name()));
    }
  }
}
