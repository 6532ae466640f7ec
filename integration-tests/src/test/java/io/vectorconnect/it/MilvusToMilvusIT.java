package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One Milvus collection into another on a real worker. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(600)
class MilvusToMilvusIT {
  private static final int ROWS = 20_000;
  private static final String FROM = "there";
  private static final String TO = "here.again";
  private static final String TARGET = "here_again";
  private static final Map<String, DataType> ELEMENTS =
      Map.of(
          "flags", DataType.Bool,
          "bytes", DataType.Int8,
          "shorts", DataType.Int16,
          "ints", DataType.Int32,
          "longs", DataType.Int64,
          "floats", DataType.Float,
          "doubles", DataType.Double,
          "texts", DataType.VarChar);

  @Test
  void migratesRowsAndDeletesBitForBit() throws Exception {
    try (MilvusCollections milvus = new MilvusCollections()) {
      MilvusRows rows = new MilvusRows(milvus.client());
      AddFieldReq[] arrays =
          ELEMENTS.entrySet().stream()
              .map(element -> array(element.getKey(), element.getValue()))
              .toArray(AddFieldReq[]::new);
      milvus.create(FROM, DataType.Int64, true, arrays);
      milvus.insert(FROM, 0, ROWS - 1, MilvusToMilvusIT::row);
      milvus.delete(FROM, "id % 10 == 3"); // before the snapshot: these never come
      int sent = ROWS - ROWS / 10;

      Map<String, String> source = MilvusCollections.sourceConfig("source-there", FROM);
      source.put("topic.prefix", "to.");
      source.put("tasks.max", "2");
      source.put("scan.ranges", "3");
      Stack.connect().put("source-there", source);
      Map<String, String> sink = MilvusCollections.sinkConfig("sink-here", "to." + FROM);
      sink.put("collection.name.format", TO);
      sink.put("batch.max.rows", "3000");
      Stack.connect().put("sink-here", sink);
      Await.until("all rows", () -> rows.count(TARGET) == sent, "source-there", "sink-here");

      int deleted = sendTombstones("to." + FROM);
      assertThat(deleted).isEqualTo(sent / 6);
      Await.until("the deletes", () -> rows.count(TARGET) == sent - deleted, "sink-here");
      Stack.connect().delete("source-there");
      Stack.connect().delete("sink-here");

      assertThat(limits(milvus, TARGET)).isEqualTo(limits(milvus, FROM));
      Map<Long, Map<String, Object>> expected = rows.byId(FROM, ROWS);
      Map<Long, Map<String, Object>> found = rows.byId(TARGET, ROWS);
      assertThat(found).hasSize(sent - deleted);
      found.forEach((id, row) -> assertThat(row).isEqualTo(expected.get(id)));
      assertThat(found.values().iterator().next().toString()).contains("extra");
      assertThat(found.keySet()).noneMatch(id -> id % 10 == 3);
      milvus.drop(FROM);
      milvus.drop(TARGET);
    }
  }

  /** The declared lengths and capacities of a collection's fields. */
  private static Map<String, String> limits(MilvusCollections milvus, String name) {
    return milvus
        .client()
        .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
        .getCollectionSchema()
        .getFieldSchemaList()
        .stream()
        .collect(
            Collectors.toMap(
                CreateCollectionReq.FieldSchema::getName,
                field -> field.getMaxLength() + " " + field.getMaxCapacity()));
  }

  private static JsonObject row(long number) {
    JsonObject row = MilvusCollections.row(number);
    row.addProperty("extra", "dynamic " + number);
    for (Map.Entry<String, DataType> array : ELEMENTS.entrySet()) {
      JsonArray elements = new JsonArray();
      for (long i = 0; i < number % 4; i++) { // every fourth is empty
        elements.add(element(array.getValue(), number + i));
      }
      row.add(array.getKey(), elements);
    }
    return row;
  }

  private static AddFieldReq array(String name, DataType element) {
    AddFieldReq.AddFieldReqBuilder<?> field =
        AddFieldReq.builder()
            .fieldName(name)
            .dataType(DataType.Array)
            .elementType(element)
            .maxCapacity(3);
    return element == DataType.VarChar ? field.maxLength(20).build() : field.build();
  }

  private static JsonPrimitive element(DataType type, long number) {
    return switch (type) {
      case Bool -> new JsonPrimitive(number % 2 == 0);
      case Int8 -> new JsonPrimitive((byte) number);
      case Int16 -> new JsonPrimitive((short) number);
      case Int32 -> new JsonPrimitive((int) (number * -100_003));
      case Int64 -> new JsonPrimitive(Long.MIN_VALUE + number);
      case Float -> new JsonPrimitive(MilvusCollections.element(number, 1));
      case Double -> new JsonPrimitive(1 / (number + 3.0));
      default -> new JsonPrimitive("text " + number);
    };
  }

  /** For every sixth record, one without value under its key. */
  private static int sendTombstones(String topic) throws Exception {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers());
    List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      for (int read = 0; read < end; ) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (++read % 6 == 0) {
            tombstones.add(new ProducerRecord<>(topic, record.partition(), record.key(), null));
          }
        }
      }
    }
    List<Future<?>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      tombstones.forEach(tombstone -> sent.add(producer.send(tombstone)));
    }
    for (Future<?> one : sent) {
      one.get();
    }
    return sent.size();
  }
}
