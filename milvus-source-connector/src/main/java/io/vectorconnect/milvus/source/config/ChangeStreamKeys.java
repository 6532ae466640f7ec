package io.vectorconnect.milvus.source.config;

import io.vectorconnect.config.EnumValidator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The source's keys about Milvus's log. */
public final class ChangeStreamKeys {
  /** What to do when a partition is dropped while changes are read. */
  public enum OnDropPartition {
    FAIL,
    IGNORE
  }

  public static final String SERVERS = "change.stream.bootstrap.servers";
  static final String CONSUMER = "change.stream.consumer.";
  static final String MESSAGE_QUEUE = "change.stream.message.queue";
  static final String GROUP_PREFIX = "change.stream.group.prefix";
  public static final String BUFFER_BYTES = "change.stream.buffer.max.bytes";
  public static final String ON_DROP_PARTITION = "change.stream.on.drop.partition";
  static final String HEARTBEAT_INTERVAL_MS = "heartbeat.interval.ms";
  static final String HEARTBEAT_TOPIC = "heartbeat.topic";

  static final EnumValidator<OnDropPartition> ON_DROP = EnumValidator.of(OnDropPartition.class);
  static final EnumValidator<MessageQueue> MESSAGE_QUEUES = EnumValidator.of(MessageQueue.class);

  private ChangeStreamKeys() {}

  /** Adds them. */
  static ConfigDef define(ConfigDef def) {
    String group = "Change stream";
    return def.define(
            SERVERS,
            Type.LIST,
            "",
            Importance.MEDIUM,
            "Brokers of the Kafka in which Milvus 2.3 to 2.6 keep their log, as in Milvus's"
                + " kafka.brokerList. Empty: Milvus itself delivers its log, which needs a Milvus"
                + " that has DumpMessages (3.0). Keys that begin with "
                + CONSUMER
                + " go to the Kafka consumer without that prefix, such as"
                + " change.stream.consumer.security.protocol.",
            group,
            1,
            Width.LONG,
            "Brokers of Milvus's log")
        .define(
            GROUP_PREFIX,
            Type.STRING,
            "vectorconnect-",
            Importance.LOW,
            "How the names of the consumer groups begin that keep, in that Kafka, where the changes"
                + " of a collection start; the connector's name and the collection's ID follow.",
            group,
            2,
            Width.MEDIUM,
            "Prefix of consumer groups")
        .define(
            BUFFER_BYTES,
            Type.LONG,
            256L << 20,
            Range.atLeast(1 << 20),
            Importance.LOW,
            "How many bytes of one shard's changes may wait in memory for Milvus's time tick, which"
                + " puts them in order, or for the end of their transaction, before the task fails."
                + " While there are changes, ticks come five times a second.",
            group,
            3,
            Width.SHORT,
            "Bytes between time ticks")
        .define(
            ON_DROP_PARTITION,
            Type.STRING,
            "fail",
            ON_DROP,
            Importance.LOW,
            "What to do when a partition is dropped: its rows go, and the log does not name them."
                + " fail: the task stops there. ignore: they stay in the target, and the log says"
                + " so.",
            group,
            4,
            Width.SHORT,
            "On dropped partitions",
            ON_DROP)
        .define(
            HEARTBEAT_INTERVAL_MS,
            Type.LONG,
            0L,
            Range.between(0, 86_400_000),
            Importance.MEDIUM,
            "How often each range of keys sends a record without value to heartbeat.topic, in"
                + " milliseconds, so that its stored offset moves on while its rows do not change."
                + " Without, an offset can become older than what Milvus's Kafka keeps, and a"
                + " restart fails. 0: never.",
            group,
            5,
            Width.SHORT,
            "Heartbeat interval")
        .define(
            HEARTBEAT_TOPIC,
            Type.STRING,
            "vectorconnect-heartbeat",
            new ConfigDef.NonEmptyString(),
            Importance.LOW,
            "Topic of the heartbeats.",
            group,
            6,
            Width.MEDIUM,
            "Heartbeat topic")
        .define(
            MESSAGE_QUEUE,
            Type.STRING,
            "woodpecker",
            MESSAGE_QUEUES,
            Importance.LOW,
            "The message queue of a Milvus that delivers its log itself (mq.type in milvus.yaml)."
                + " The first start uses it to name the beginning of the log.",
            group,
            7,
            Width.SHORT,
            "Milvus's message queue",
            MESSAGE_QUEUES);
  }
}
