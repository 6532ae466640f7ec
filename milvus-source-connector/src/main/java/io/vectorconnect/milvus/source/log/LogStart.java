package io.vectorconnect.milvus.source.log;

import io.milvus.grpc.DescribeCollectionResponse;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * <p>An end may lie between the two halves of an upsert, and the second half deletes. So the group
 * keeps a time T as well, which Milvus allocates after the ends are read. A scan waits until Milvus
 * has closed T on every shard: it sees every change up to T, also one that Milvus writes after it
 * allocated T, with a time that it reserved before (Milvus 2.6 does so, up to 51 ms). Changes up to
 * T are left out of the stream. A time above T is allocated after T, so a message of such a change
 * is behind the ends. In the form of Milvus 2.6, the earlier messages of a transaction that commits
 * above T may be before the ends; the log is read from where they are ({@link LogTail#start}).
 */
public final class LogStart {
  private static final Logger log = LoggerFactory.getLogger(LogStart.class);

  private LogStart() {}

  /**
   * A kept start of one channel.
   *
   * @param from the offset to read from
   * @param end the end of the topic: time ticks before it are in the scan
   * @param time Milvus's time after that; 0 where Milvus did not tell it
   */
  record Kept(long from, long end, long time) {
    private static final Pattern METADATA = Pattern.compile("(\\d{1,18})(?: (\\d{1,18}))?");

    /**
     * Reads a committed offset; versions before Milvus 2.6 was read kept only the time beside it.
     */
    static Kept parse(long offset, String metadata) {
      Matcher matcher = METADATA.matcher(metadata);
      if (!matcher.matches()) {
        return new Kept(offset, offset, 0);
      }
      return new Kept(
          offset,
          matcher.group(2) == null ? offset : Long.parseLong(matcher.group(2)),
          Long.parseLong(matcher.group(1)));
    }

    String metadata() {
      return time + " " + end;
    }

    LogPosition position() {
      return new LogPosition(Long.toString(from), end, 0);
    }
  }

  /** The consumer group for a collection; another one made under the same name has another. */
  static String group(MilvusSourceConfig config, long collection) {
    return "%s%s-%d".formatted(config.streamGroupPrefix(), config.name(), collection);
  }

  /**
   * Makes sure that there is a start for a collection whose offsets are not stored.
   *
   * @throws ConnectException when there was one, and the log does not reach back to it
   */
  public static void ensure(MilvusClient client, MilvusSourceConfig config, String collection) {
    DescribeCollectionResponse description = client.describe(collection);
    List<LogChannel> channels = LogChannel.of(description);
    String group = group(config, description.getCollectionID());
    try (LogClient kafka = LogClient.connect(config, group)) {
      Map<LogChannel, Kept> kept = kafka.committed(channels);
      if (kept.keySet().containsAll(channels)) {
        requireThere(kafka.beginnings(channels), kept);
        log.info("Collection {}: changes since an earlier start of its scan: {}", collection, kept);
      } else {
        Map<LogChannel, LogTail> tails = kafka.tails(channels);
        long time = client.guaranteeNow();
        Map<LogChannel, Kept> starts = new HashMap<>();
        tails.forEach(
            (channel, tail) -> starts.put(channel, new Kept(tail.start(), tail.end(), time)));
        kafka.commit(starts);
        log.info("Collection {}: changes from now on: {}", collection, starts);
      }
    }
  }

  /**
   * The starts that {@link #ensure} left.
   *
   * @throws ConnectException when there are none
   */
  public static Map<LogChannel, LogPosition> get(
      MilvusSourceConfig config, String collection, long id, List<LogChannel> channels) {
    String group = group(config, id);
    try (LogClient kafka = LogClient.connect(config, group)) {
      Map<LogChannel, Kept> kept = kafka.committed(channels);
      if (!kept.keySet().containsAll(channels)) {
        throw missing(collection, "the consumer group " + group + " has none");
      }
      Map<LogChannel, LogPosition> positions = new HashMap<>();
      kept.forEach((channel, start) -> positions.put(channel, start.position()));
      return positions;
    }
  }

  /** Changes up to this time are in the scan; 0 where that is not known. */
  public static long time(MilvusSourceConfig config, long id, List<LogChannel> channels) {
    try (LogClient kafka = LogClient.connect(config, group(config, id))) {
      return kafka.committed(channels).values().stream().mapToLong(Kept::time).max().orElse(0);
    }
  }

  /**
   * Forgets the starts of the collections whose offsets are reset, so that they are scanned with
   * new ones.
   */
  public static void forget(
      MilvusSourceConfig config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    if (!config.readsChangeStream() || !config.readsKafka()) {
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
        return; // a new collection of this name gets another group
      }
      throw e;
    }
    LogClient.deleteGroup(config, group(config, id));
  }

  /** The error of a collection that was scanned without a start. */
  public static ConnectException missing(String collection, String why) {
    return new ConnectException(
        "it is not known from where on collection %s's changes are to be read (%s): it was dropped and created again, or scanned with another poll.strategy or connector name; reset the connector's offsets to scan again"
            .formatted(collection, why));
  }

  private static void requireThere(Map<LogChannel, Long> first, Map<LogChannel, Kept> kept) {
    kept.forEach(
        (channel, start) -> {
          if (start.from() < first.get(channel)) {
            throw LogClient.gone(channel.topic(), null);
          }
        });
  }
}
