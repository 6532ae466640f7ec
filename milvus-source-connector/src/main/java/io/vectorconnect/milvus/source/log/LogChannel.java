package io.vectorconnect.milvus.source.log;

import io.milvus.grpc.DescribeCollectionResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * One shard's channel in Milvus's log: all changes of a key go through the same one, in their
 * order.
 *
 * @param shard the shard's name, which its messages carry (Milvus: virtual channel)
 * @param topic the topic of Kafka in which it lies, with shards of other collections (Milvus:
 *     physical channel); Milvus uses its partition 0
 */
public record LogChannel(String shard, String topic) {
  /**
   * The channels of a collection, in a fixed order.
   *
   * @throws ConnectException when two shards share a topic
   */
  public static List<LogChannel> of(DescribeCollectionResponse collection) {
    int shards = collection.getVirtualChannelNamesCount();
    if (shards == 0 || shards != collection.getPhysicalChannelNamesCount()) {
      throw new ConnectException(
          "Milvus names %d shards and %d channels for collection %s"
              .formatted(
                  shards,
                  collection.getPhysicalChannelNamesCount(),
                  collection.getCollectionName()));
    }
    List<LogChannel> channels = new ArrayList<>();
    Set<String> topics = new HashSet<>();
    for (int i = 0; i < shards; i++) {
      LogChannel channel =
          new LogChannel(
              collection.getVirtualChannelNames(i), collection.getPhysicalChannelNames(i));
      if (!topics.add(channel.topic)) {
        throw new ConnectException(
            "two shards of collection %s share the channel %s, which change_stream does not read"
                .formatted(collection.getCollectionName(), channel.topic));
      }
      channels.add(channel);
    }
    return channels;
  }
}
