package io.vectorconnect.source.reconcile;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys of sources that compare what there is with what they have published. */
public final class ReconcileKeys {
  /** Brokers of the topic. */
  public static final String SERVERS = "reconcile.bootstrap.servers";

  /** The topic. */
  public static final String TOPIC = "reconcile.topic";

  /** How many rows a task compares. */
  public static final String MAX_ROWS = "reconcile.max.rows";

  /** What goes before settings of the Kafka clients. */
  public static final String CLIENT = "reconcile.kafka.";

  private final AbstractConfig config;

  /** What a configuration with these keys says. */
  public ReconcileKeys(AbstractConfig config) {
    this.config = config;
  }

  /** Adds the keys. */
  public static ConfigDef define(ConfigDef def) {
    String group = "Reconcile";
    return def.define(
            SERVERS,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Brokers of the Kafka that keeps, in reconcile.topic, key and hash of every row that"
                + " was published; the worker's own, as a rule. Required by"
                + " poll.strategy=reconcile. Keys that begin with "
                + CLIENT
                + " go to the Kafka clients without that prefix, such as"
                + " reconcile.kafka.security.protocol.",
            group,
            1,
            Width.LONG,
            "Brokers of the topic")
        .define(
            TOPIC,
            Type.STRING,
            "",
            Importance.LOW,
            "That topic, of this connector alone. It is made when it is not there, compacted, with"
                + " one partition, and must never lose a key. Empty: vectorconnect-reconcile- and"
                + " the connector's name.",
            group,
            2,
            Width.MEDIUM,
            "Topic")
        .define(
            MAX_ROWS,
            Type.LONG,
            2_000_000L,
            Range.atLeast(1),
            Importance.MEDIUM,
            "How many rows the ranges of one task may have; with more it fails. Heap: 70 to 100"
                + " bytes a row where keys are numbers or UUIDs, up to twice that for the range"
                + " that is being read, and 140 to 180 while the topic is read at the start.",
            group,
            3,
            Width.SHORT,
            "Rows of a task");
  }

  /** Whether the brokers are named. */
  public boolean areSet() {
    return !config.getString(SERVERS).isEmpty();
  }

  /** The topic of a connector. */
  String topic(String connector) {
    String topic = config.getString(TOPIC);
    return topic.isEmpty() ? "vectorconnect-reconcile-" + connector : topic;
  }

  /** The limit of a task. */
  public RowLimit limit() {
    return new RowLimit(maxRows());
  }

  /** The number of rows that a task may compare. */
  public long maxRows() {
    return config.getLong(MAX_ROWS);
  }

  /** What the Kafka clients are made with. */
  Map<String, Object> client() {
    Map<String, Object> properties = new HashMap<>(config.originalsWithPrefix(CLIENT));
    properties.put("bootstrap.servers", config.getString(SERVERS));
    return properties;
  }
}
