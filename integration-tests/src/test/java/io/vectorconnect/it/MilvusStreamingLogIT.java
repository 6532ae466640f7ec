package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.KAFKA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.vectorconnect.localstack.MilvusLogWriter;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of Milvus 2.6, written live to Kafka by Milvus's own library. */
@Services(shared = KAFKA)
@Timeout(300)
class MilvusStreamingLogIT {
  private static final String PREFIX = "it-streaming-dml";
  private static final List<String> TOPICS = List.of(PREFIX + "_0", PREFIX + "_1", PREFIX + "_2");
  private static final String IDLE = "it-streaming-idle";

  /** Before the clock of the writer. */
  private static final long BEFORE = 1_764_575_990_000L << 18;

  private static final long PRODUCTS = 462103285742600001L;
  private static final long NOTES = 462103285742600002L;
  private static final long SECRET = 462103285742600003L;
  private static final long LATER = 462103285742600004L;

  @TempDir static Path folder;

  private static FakeMilvus milvus;
  private static List<JsonObject> expected;
  private static final Map<String, SourceHarness> SOURCES = new HashMap<>();

  /** Takes every connector's start, and then writes the log behind it. */
  @BeforeAll
  static void write() throws Exception {
    assumeTrue(MilvusLogWriter.canCompile(), "Milvus's Go library needs a C compiler");
    MilvusLogWriter writer =
        new MilvusLogWriter(line -> System.out.println("local-stack: " + line));
    createTopics();
    milvus = new FakeMilvus(BEFORE);
    milvus.describe("products", PRODUCTS, TOPICS.subList(0, 2), products());
    milvus.describe("notes", NOTES, TOPICS.subList(0, 1), notes());
    milvus.describe("later", LATER, TOPICS.subList(2, 3), notes());
    milvus.describe("secret", SECRET, TOPICS.subList(2, 3), notes());
    milvus.describe("idle", 7, List.of(IDLE), notes());
    for (String name : List.of("products", "notes", "later", "secret")) {
      SourceHarness source = new SourceHarness(new MilvusSourceConnector());
      SOURCES.put(name, source);
      assertThat(source.run(config(name), records -> true)).isEmpty();
    }
    writer.write(Stack.get().kafka().bootstrapServers(), PREFIX, folder);
    expected =
        Files.readAllLines(folder.resolve("expected.jsonl")).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
  }

  private static void alterProducts() {
    milvus.describe("products", PRODUCTS, TOPICS.subList(0, 2), with(products(), added("note")));
  }

  private static void alterNotes() {
    milvus.describe("notes", NOTES, TOPICS.subList(0, 1), with(notes(), added("lang")));
  }

  @AfterAll
  static void close() {
    if (milvus != null) {
      milvus.close();
    }
  }

  private static void createTopics() throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      List<String> names = new ArrayList<>(TOPICS);
      names.add(IDLE);
      admin
          .createTopics(names.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
    }
  }

  private static FieldSchema field(String name, DataType type, String... parameters) {
    FieldSchema.Builder field = FieldSchema.newBuilder().setName(name).setDataType(type);
    for (int i = 0; i < parameters.length; i += 2) {
      field.addTypeParams(
          KeyValuePair.newBuilder().setKey(parameters[i]).setValue(parameters[i + 1]));
    }
    return field.build();
  }

  private static FieldSchema key(FieldSchema field) {
    return field.toBuilder().setIsPrimaryKey(true).build();
  }

  private static FieldSchema added(String name) {
    return field(name, DataType.VarChar, "max_length", "64").toBuilder().setNullable(true).build();
  }

  private static FieldSchema[] with(FieldSchema[] fields, FieldSchema more) {
    FieldSchema[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = more;
    return all;
  }

  private static FieldSchema[] products() {
    return new FieldSchema[] {
      key(field("id", DataType.Int64)),
      field("title", DataType.VarChar, "max_length", "256"),
      field("stock", DataType.Int32).toBuilder().setNullable(true).build(),
      field("attrs", DataType.JSON),
      field("tags", DataType.Array, "max_length", "32", "max_capacity", "8").toBuilder()
          .setElementType(DataType.VarChar)
          .build(),
      field("embedding", DataType.FloatVector, "dim", "8"),
      field("half", DataType.Float16Vector, "dim", "8"),
      field("sparse", DataType.SparseFloatVector),
      field("bits", DataType.BinaryVector, "dim", "16"),
      field("small", DataType.Int8Vector, "dim", "8")
    };
  }

  private static FieldSchema[] notes() {
    return new FieldSchema[] {
      key(field("key", DataType.VarChar, "max_length", "64")),
      field("vector", DataType.FloatVector, "dim", "8")
    };
  }

  private static Map<String, String> config(String collection, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "streaming-" + collection);
    config.put("connector.class", MilvusSourceConnector.class.getName());
    config.put("tasks.max", "1");
    config.put("connection.uri", milvus.uri());
    config.put("collection.include.list", collection);
    config.put("poll.interval.ms", "50");
    config.put("poll.strategy", "change_stream");
    config.put("change.stream.bootstrap.servers", Stack.get().kafka().bootstrapServers());
    config.put("change.stream.on.drop.partition", "ignore");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  /**
   * Runs a connector until it fails without another record, and stops it after every few records.
   * When it fails first, Milvus describes the later schema from then on.
   */
  private static List<SourceRecord> readAll(String collection, String failure, Runnable later)
      throws Exception {
    List<SourceRecord> all = new ArrayList<>();
    boolean altered = false;
    for (int run = 0; run < 60; run++) {
      List<SourceRecord> seen = new ArrayList<>();
      try {
        SOURCES
            .get(collection)
            .run(
                config(collection, "retry.timeout.ms", "2000"),
                records -> {
                  seen.clear();
                  seen.addAll(records);
                  return records.size() == 4;
                });
        all.addAll(seen);
      } catch (ConnectException e) {
        all.addAll(seen);
        if (!seen.isEmpty()) {
          continue;
        }
        if (altered) {
          assertThat(e).hasMessageContaining(failure).hasMessageContaining(collection);
          return all;
        }
        altered = true;
        later.run();
      }
    }
    throw new AssertionError("no end in sight: " + all);
  }

  /** What a record says: topic's shard is not in it, so a key and the row, or the key alone. */
  private static List<Object> change(SourceRecord record) {
    Struct key = (Struct) record.key();
    Object id = key.get(key.schema().fields().get(0));
    return record.value() == null ? List.of(id) : List.of(id, row((Struct) record.value()));
  }

  private static Map<String, Object> row(Struct value) {
    Map<String, Object> row = new HashMap<>();
    value
        .schema()
        .fields()
        .forEach(
            field -> {
              Object cell = value.get(field);
              if (cell != null) {
                row.put(field.name(), comparable(field.name(), cell));
              }
            });
    return row;
  }

  private static Object comparable(String field, Object cell) {
    return switch (field) {
      case "embedding", "vector" -> floats((byte[]) cell);
      case "half", "bits", "small" -> ((byte[]) cell).length;
      case "sparse" -> sparse((byte[]) cell);
      case "attrs", "$meta" -> JsonParser.parseString((String) cell).toString();
      default -> cell;
    };
  }

  /** By index; the writer repeats an index in one row, and its last value counts. */
  private static Map<String, Float> sparse(byte[] packed) {
    ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Float> values = new TreeMap<>();
    while (buffer.hasRemaining()) {
      values.put(Integer.toUnsignedString(buffer.getInt()), buffer.getFloat());
    }
    return values;
  }

  private static List<Double> floats(byte[] packed) {
    ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    List<Double> floats = new ArrayList<>();
    while (buffer.hasRemaining()) {
      floats.add((double) buffer.getFloat());
    }
    return floats;
  }

  /** The same of what the writer expects of one shard: an upsert is one record. */
  private static List<List<Object>> expected(String collection, int topic) {
    List<List<Object>> changes = new ArrayList<>();
    Set<String> inserted = new HashSet<>();
    for (JsonObject event : expected) {
      if (event.get("op").getAsString().equals("insert")) {
        inserted.add(event.get("pk") + "@" + event.get("time_tick"));
      }
    }
    for (JsonObject event : expected) {
      if (!event.get("collection").getAsString().equals(collection)
          || !event.get("topic").getAsString().equals(TOPICS.get(topic))) {
        continue;
      }
      switch (event.get("op").getAsString()) {
        case "insert" -> changes.add(List.of(id(event), row(event.getAsJsonObject("fields"))));
        case "delete" -> {
          if (!inserted.contains(event.get("pk") + "@" + event.get("time_tick"))) {
            changes.add(List.of(id(event)));
          }
        }
        default -> {}
      }
    }
    return changes;
  }

  private static Object id(JsonObject event) {
    return event.getAsJsonPrimitive("pk").isNumber()
        ? (Object) event.get("pk").getAsLong()
        : event.get("pk").getAsString();
  }

  private static Map<String, Object> row(JsonObject fields) {
    Map<String, Object> row = new HashMap<>();
    fields
        .entrySet()
        .forEach(
            field -> {
              if (!field.getValue().isJsonNull()) {
                row.put(field.getKey(), comparable(field.getKey(), field.getValue()));
              }
            });
    return row;
  }

  private static Object comparable(String field, JsonElement cell) {
    return switch (field) {
      case "embedding", "vector" ->
          ((JsonArray) cell).asList().stream().map(JsonElement::getAsDouble).toList();
      case "half" -> 2 * ((JsonArray) cell).size();
      case "small" -> ((JsonArray) cell).size();
      case "sparse" -> {
        Map<String, Float> values = new TreeMap<>();
        ((JsonObject) cell).asMap().forEach((index, v) -> values.put(index, v.getAsFloat()));
        yield values;
      }
      case "bits" -> 2;
      case "id" -> cell.getAsLong();
      case "stock" -> cell.getAsInt();
      case "tags" -> ((JsonArray) cell).asList().stream().map(JsonElement::getAsString).toList();
      case "attrs", "$meta" -> cell.toString();
      default -> cell.getAsString();
    };
  }

  @Test
  void everyChangeOfTwoShardsComesOnceHoweverOftenTheTaskStops() throws Exception {
    List<List<Object>> changes =
        readAll("products", "was dropped", MilvusStreamingLogIT::alterProducts).stream()
            .map(MilvusStreamingLogIT::change)
            .toList();
    List<List<Object>> first = expected("products", 0);
    List<List<Object>> second = expected("products", 1);
    assertThat(first).hasSizeGreaterThan(15);
    assertThat(second).hasSizeGreaterThan(2);
    Set<Object> ofSecond = new HashSet<>();
    second.forEach(change -> ofSecond.add(change.get(0)));
    assertThat(changes.stream().filter(c -> !ofSecond.contains(c.get(0))).toList())
        .isEqualTo(first);
    assertThat(changes.stream().filter(c -> ofSecond.contains(c.get(0))).toList())
        .isEqualTo(second);
  }

  @Test
  void anImportEndsTheStreamAfterWhatPrecedesIt() throws Exception {
    List<List<Object>> changes =
        readAll("notes", "were imported", MilvusStreamingLogIT::alterNotes).stream()
            .map(MilvusStreamingLogIT::change)
            .toList();
    List<List<Object>> all = expected("notes", 0);
    assertThat(all.get(all.size() - 1).get(0)).isEqualTo("last");
    assertThat(changes).isEqualTo(all.subList(0, all.size() - 1));
  }

  @Test
  void aTopicGoesOverFromTheOldFormToTheNewOne() throws Exception {
    List<SourceRecord> records = readAll("later", "does not know messages of this type", () -> {});
    assertThat(records)
        .extracting(record -> ((Struct) record.key()).getString("key"))
        .containsExactly("zero", "one");
  }

  @Test
  void anEncryptedCollectionIsRefusedByName() throws Exception {
    assertThat(readAll("secret", "it is encrypted", () -> {})).isEmpty();
  }

  @Test
  void anIdleTopicIsNoFailureAndPositionsMoveOn() throws Exception {
    send("1", "", BEFORE + 1);
    String[] settings = {"retry.timeout.ms", "400", "heartbeat.interval.ms", "100"};
    SourceHarness source = new SourceHarness(new MilvusSourceConnector());
    long[] sent = {0};
    long end = System.nanoTime() + 4_000_000_000L;
    List<SourceRecord> heartbeats =
        source.run(
            config("idle", settings),
            records -> {
              if (sent[0] == 0 && !records.isEmpty()) {
                sent[0] =
                    send("2", IDLE + "_8v0", BEFORE + 2); // another collection's, without a tick
              }
              return System.nanoTime() > end;
            });
    SourceRecord last = heartbeats.get(heartbeats.size() - 1);
    assertThat(last.topic()).isEqualTo("vectorconnect-heartbeat");
    assertThat(last.sourceOffset().get("log." + IDLE + "_7v0").toString())
        .as("the end of the topic")
        .isEqualTo("%d/%d/0".formatted(sent[0] + 1, sent[0] + 1));
  }

  private static long send(String type, String shard, long time) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(IDLE, 0, null, null);
    Map<String, String> headers =
        Map.of(
            "_v",
            "1",
            "_t",
            type,
            "_h",
            "",
            "_tt",
            Long.toString(time, 36),
            "_vc",
            shard,
            "_lcs",
            "");
    headers.forEach((k, v) -> record.headers().add(k, v.getBytes(StandardCharsets.US_ASCII)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer.send(record).get().offset();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void validateTellsWhichLogTheServerHas() {
    assertThat(problems(config("products"))).isEmpty();
    assertThat(problems(config("products", "change.stream.bootstrap.servers", "")))
        .containsOnlyKeys("change.stream.bootstrap.servers")
        .hasValueSatisfying(
            new org.assertj.core.api.Condition<>(
                problem ->
                    problem.contains("Milvus 2.6.18 does not deliver its log itself")
                        && problem.contains("poll.strategy=reconcile"),
                "names version and alternative"));
  }

  private static Map<String, String> problems(Map<String, String> config) {
    Map<String, String> problems = new HashMap<>();
    for (ConfigValue value : new MilvusSourceConnector().validate(config).configValues()) {
      value.errorMessages().forEach(message -> problems.put(value.name(), message));
    }
    return problems;
  }

  @Test
  void aTopicThatIsMissingIsTold() {
    milvus.describe("elsewhere", 9, List.of("it-streaming-nowhere"), notes());
    assertThatThrownBy(
            () ->
                new SourceHarness(new MilvusSourceConnector())
                    .run(config("elsewhere"), records -> true))
        .hasMessageContaining("there is no topic it-streaming-nowhere");
    assertThat(problems(config("elsewhere")).get("change.stream.bootstrap.servers"))
        .contains("there is no topic it-streaming-nowhere")
        .contains("Milvus 2.6.18")
        .contains("poll.strategy=reconcile");
  }
}
