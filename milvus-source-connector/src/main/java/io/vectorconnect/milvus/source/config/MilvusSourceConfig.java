package io.vectorconnect.milvus.source.config;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.source.scan.Partitions;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourcePartition;
import io.vectorconnect.source.range.ScanUnit;
import io.vectorconnect.source.reconcile.ReconcileKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source. */
public final class MilvusSourceConfig extends CheckedConfig {

  /** How changes are found after the first scan. */
  enum PollStrategy {
    NEW_KEYS,
    TIMESTAMP_FIELD,
    CHANGE_STREAM,
    RECONCILE
  }

  public static final String NOUN = "collection";
  public static final String INCLUDE = NOUN + SourceKeys.INCLUDE;
  public static final String PARTITIONS = "partitions.include";
  public static final String PARTITION_FIELD = "partition.field";

  /** Milvus's own limit of rows in one answer. */
  public static final int MAX_PAGE = 16_384;

  private static final EnumValidator<PollStrategy> STRATEGIES =
      EnumValidator.of(PollStrategy.class);

  private static final String STRATEGY_DOC =
      "new_keys: rows whose primary key is greater than all keys before. Rows that are"
          + " changed, deleted, or inserted with smaller keys are not seen. timestamp_field:"
          + " rows whose timestamp.field is as great as the greatest one before, or greater;"
          + " deletes are not seen. change_stream: every insert, upsert and delete, out of"
          + " Milvus's own log in Kafka (mq.type=kafka, Milvus 2.3 to 2.5). reconcile: every"
          + " poll.interval.ms the whole collection is read, and compared with what was"
          + " published: every difference, and deletes too.";

  public static final ConfigDef DEF =
      ReconcileKeys.define(
          ChangeStreamKeys.define(
              TimestampKeys.define(
                  FieldKeys.define(
                      partitions(
                          SourceKeys.defineScan(
                              SourceKeys.defineNames(
                                  MilvusConnection.define(new ConfigDef()), NOUN),
                              NOUN,
                              STRATEGIES,
                              "new_keys",
                              STRATEGY_DOC,
                              MAX_PAGE,
                              MAX_PAGE))))));

  private static ConfigDef partitions(ConfigDef def) {
    String group = "Partitions";
    return def.define(
            PARTITIONS,
            Type.LIST,
            "",
            SourceKeys.PATTERNS,
            Importance.MEDIUM,
            "Partitions to read, as names or regular expressions that match whole names. They are"
                + " scanned one by one, and each record tells its partition in the header"
                + " vectorconnect.partition. Empty: all partitions, untold. Not with"
                + " poll.strategy=new_keys, timestamp_field or reconcile.",
            group,
            1,
            Width.LONG,
            "Included partitions")
        .define(
            PARTITION_FIELD,
            Type.STRING,
            "",
            Importance.LOW,
            "Field of the value that gets the partition's name, beside the header; none when empty."
                + " Needs partitions.include.",
            group,
            2,
            Width.MEDIUM,
            "Field for the partition");
  }

  public MilvusSourceConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  public MilvusConnection connection() {
    return new MilvusConnection(this);
  }

  public SourceKeys source() {
    return new SourceKeys(this, NOUN);
  }

  public int maxRows() {
    return getInt(SourceKeys.BATCH_MAX_ROWS);
  }

  public int maxBytes() {
    return getInt(SourceKeys.BATCH_MAX_BYTES);
  }

  public Partitions partitions() {
    return new Partitions(getList(PARTITIONS));
  }

  /** The field for the partition's name; empty when there is none. */
  public String partitionField() {
    return getString(PARTITION_FIELD);
  }

  /** Patterns of {@code collection.field}: fields that are not read. */
  public List<String> excludedFields() {
    return getList(FieldKeys.EXCLUDE);
  }

  /** Patterns of {@code collection.field}: outputs of functions that are read. */
  public List<String> functionOutputs() {
    return getList(FieldKeys.OUTPUTS);
  }

  /** The types of fields that travel as text; the others of {@link TextType} are refused. */
  public Set<TextType> textTypes() {
    return TextType.of(this);
  }

  /** Whether the last range of a collection is asked for new keys after its scan. */
  public boolean pollsForNewKeys() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL
        && strategy() == PollStrategy.NEW_KEYS;
  }

  /** Whether nothing but the keys themselves tells what is new. */
  public boolean readsNewKeysByKey() {
    return !readsChangeStream() && !readsTimestamps() && !reconciles();
  }

  /** Whether changes are found by a field of the rows after the scan. */
  public boolean readsTimestamps() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL
        && strategy() == PollStrategy.TIMESTAMP_FIELD;
  }

  /** Whether the collection is compared, again and again, with what was published. */
  public boolean reconciles() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL
        && strategy() == PollStrategy.RECONCILE;
  }

  /** What names a collection in a source partition. */
  public ScanUnit unit(String collection) {
    return new ScanUnit(
        collection,
        SourcePartition.of("database", connection().database()).with("collection", collection));
  }

  public ReconcileKeys reconcile() {
    return new ReconcileKeys(this);
  }

  /** The field that tells when a row was written; empty when none is named. */
  public String timestampField() {
    return getString(TimestampKeys.FIELD);
  }

  /** How late rows may be written, in the field's unit; negative when it is not told. */
  public long timestampOverlap() {
    return getLong(TimestampKeys.OVERLAP);
  }

  /** How many rows within the overlap a range remembers. */
  public int timestampOverlapRows() {
    return getInt(TimestampKeys.OVERLAP_ROWS);
  }

  /** Whether changes are read out of the log after the scan. */
  public boolean readsChangeStream() {
    return source().mode() == SourceKeys.Mode.SNAPSHOT_THEN_POLL
        && strategy() == PollStrategy.CHANGE_STREAM;
  }

  private PollStrategy strategy() {
    return STRATEGIES.parse(getString(SourceKeys.POLL_STRATEGY));
  }

  /** The connector's own name. */
  public String name() {
    return originalsStrings().getOrDefault("name", "");
  }

  public List<String> streamServers() {
    return getList(ChangeStreamKeys.SERVERS);
  }

  /** Whether the log comes out of Kafka, and not from Milvus itself. */
  public boolean readsKafka() {
    return !streamServers().isEmpty();
  }

  public MessageQueue messageQueue() {
    return ChangeStreamKeys.MESSAGE_QUEUES.parse(getString(ChangeStreamKeys.MESSAGE_QUEUE));
  }

  public Map<String, Object> streamConsumer() {
    return originalsWithPrefix(ChangeStreamKeys.CONSUMER);
  }

  public String streamGroupPrefix() {
    return getString(ChangeStreamKeys.GROUP_PREFIX);
  }

  public long streamBufferBytes() {
    return getLong(ChangeStreamKeys.BUFFER_BYTES);
  }

  public Duration heartbeatInterval() {
    return Duration.ofMillis(getLong(ChangeStreamKeys.HEARTBEAT_INTERVAL_MS));
  }

  public String heartbeatTopic() {
    return getString(ChangeStreamKeys.HEARTBEAT_TOPIC);
  }

  public ChangeStreamKeys.OnDropPartition onDropPartition() {
    return ChangeStreamKeys.ON_DROP.parse(getString(ChangeStreamKeys.ON_DROP_PARTITION));
  }
}
