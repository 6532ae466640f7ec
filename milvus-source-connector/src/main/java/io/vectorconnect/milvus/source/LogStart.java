package io.vectorconnect.milvus.source;

import io.milvus.grpc.DescribeCollectionResponse;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the changes of a collection begin: the ends of its channels before its scan began.
 *
 * <p>They must be safe before the first row is published; after a crash in between, rows that were
 * deleted since would stay in the target for good. Source offsets are only stored some time after
 * the rows that they come with, so a consumer group of the log's Kafka keeps the start until then.
 *
 * <p>An end may lie between the two halves of an upsert, and the half behind it deletes. So the
 * group keeps Milvus's time after the ends, too: the scan begins later and sees every change up to
 * it, and all messages of later changes lie behind the ends.
 */
final class LogStart {
  private static final Logger log = LoggerFactory.getLogger(LogStart.class);

  private LogStart() {}

  /** The consumer group for a collection; another one made under the same name has another. */
  static String group(MilvusSourceConfig config, long collection) {
    return "%s%s-%d".formatted(config.streamGroupPrefix(), config.name(), collection);
  }

  /**
   * Makes sure that there is a start for a collection whose offsets are not stored.
   *
   * @throws ConnectException when there was one, and the log does not reach back to it
   */
  static void ensure(MilvusClient client, MilvusSourceConfig config, String collection) {
    DescribeCollectionResponse description = client.describe(collection);
    List<LogChannel> channels = LogChannel.of(description);
    String group = group(config, description.getCollectionID());
    try (LogClient kafka = LogClient.connect(config, group)) {
      Map<LogChannel, Long> kept = kafka.committed(channels);
      if (kept.keySet().containsAll(channels)) {
        requireThere(kafka.beginnings(channels), kept);
        log.info("Collection {}: changes since an earlier start of its scan: {}", collection, kept);
      } else {
        Map<LogChannel, Long> ends = kafka.ends(channels);
        kafka.commit(ends, client.guaranteeNow());
        log.info("Collection {}: changes from now on: {}", collection, ends);
      }
    }
  }

  /**
   * The start that {@link #ensure} left.
   *
   * @throws ConnectException when there is none
   */
  static Map<LogChannel, Long> get(
      MilvusSourceConfig config, String collection, long id, List<LogChannel> channels) {
    String group = group(config, id);
    try (LogClient kafka = LogClient.connect(config, group)) {
      Map<LogChannel, Long> kept = kafka.committed(channels);
      if (!kept.keySet().containsAll(channels)) {
        throw missing(collection, "the consumer group " + group + " has none");
      }
      return kept;
    }
  }

  /** Changes up to this time are in the scan; 0 where that is not known. */
  static long time(MilvusSourceConfig config, long id, List<LogChannel> channels) {
    try (LogClient kafka = LogClient.connect(config, group(config, id))) {
      return kafka.committedTime(channels);
    }
  }

  /**
   * Forgets the starts of the collections whose offsets are reset, so that they are scanned with
   * new ones.
   */
  static void forget(MilvusSourceConfig config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    if (!config.readsChangeStream()) {
      return;
    }
    Set<String> collections = new TreeSet<>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset == null && partition.get("collection") instanceof String name) {
            collections.add(name);
          }
        });
    try (MilvusClient client = new MilvusClient(config.connection())) {
      for (String name : collections) {
        forget(client, config, name);
      }
    } catch (MilvusException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private static void forget(MilvusClient client, MilvusSourceConfig config, String collection) {
    long id;
    try {
      id = client.describe(collection).getCollectionID();
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return; // one that is made anew will have another group
      }
      throw e;
    }
    LogClient.deleteGroup(config, group(config, id));
  }

  /** The error of a collection that was scanned without a start. */
  static ConnectException missing(String collection, String why) {
    return new ConnectException(
        "it is not known from where on collection %s's changes are to be read (%s): it was dropped and created again, or scanned with another poll.strategy or connector name; reset the connector's offsets to scan again"
            .formatted(collection, why));
  }

  private static void requireThere(Map<LogChannel, Long> first, Map<LogChannel, Long> kept) {
    kept.forEach(
        (channel, offset) -> {
          if (offset < first.get(channel)) {
            throw LogClient.gone(channel.topic(), null);
          }
        });
  }
}
