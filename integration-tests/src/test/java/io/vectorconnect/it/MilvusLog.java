package io.vectorconnect.it;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.MsgType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import milvus.proto.msg.Msg;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The one topic of Milvus's log that a collection of one shard has, and the start that a connector
 * left for it.
 */
final class MilvusLog {
  private final Map<String, Object> kafka =
      Map.of("bootstrap.servers", Stack.get().kafka().bootstrapServers());
  private final String group;
  private final long collection;
  private final TopicPartition topic;
  private final OffsetAndMetadata start;

  private MilvusLog(String group, Map.Entry<TopicPartition, OffsetAndMetadata> kept) {
    this.group = group;
    this.collection = Long.parseLong(group.substring(group.lastIndexOf('-') + 1));
    this.topic = kept.getKey();
    this.start = kept.getValue();
  }

  /** The log behind the only collection of a connector. */
  static MilvusLog of(String connector) throws Exception {
    try (Admin admin = admin()) {
      String group =
          admin.listConsumerGroups().all().get().stream()
              .map(listing -> listing.groupId())
              .filter(id -> id.startsWith("vectorconnect-" + connector + "-"))
              .findFirst()
              .orElseThrow();
      return new MilvusLog(
          group,
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .entrySet()
              .iterator()
              .next());
    }
  }

  private static Admin admin() {
    return Admin.create(
        Map.<String, Object>of("bootstrap.servers", Stack.get().kafka().bootstrapServers()));
  }

  /** The offset that the connector took for its start. */
  long start() {
    return start.offset();
  }

  /** As if the connector had looked at the topic's end earlier, and at the clock when it did. */
  void moveStart(long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .alterConsumerGroupOffsets(
              group,
              Map.of(
                  topic, new OffsetAndMetadata(offset, start.metadata().replaceFirst(" .*", ""))))
          .all()
          .get();
    }
  }

  /** The offsets of the collection's messages of a type before the start, in order. */
  List<Long> offsets(MsgType type) throws InvalidProtocolBufferException {
    List<Long> offsets = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(topic));
      consumer.seekToBeginning(List.of(topic));
      while (consumer.position(topic) < start.offset()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          // Inserts and deletes have their collection's number in the same place.
          Msg.DeleteRequest message = Msg.DeleteRequest.parseFrom(record.value());
          if (message.getBase().getMsgType() == type
              && message.getCollectionID() == collection
              && record.offset() < start.offset()) {
            offsets.add(record.offset());
          }
        }
      }
    }
    return offsets;
  }
}
