package io.vectorconnect.milvus.source.scan;

import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.LoadState;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Headers;

/**
 * Which partitions of a collection are read.
 *
 * <p>Milvus does not tell a row's partition when it is asked for all of them. So they are scanned
 * one by one where their names are wanted, and together where they are not.
 *
 * @param include patterns of names; empty when partitions do not matter
 */
public record Partitions(List<String> include) {
  /** Header of a record: the partition of its row. */
  static final String HEADER = "vectorconnect.partition";

  /** The partition of a row when partitions do not matter, which none has for a name. */
  public static final String ANY = "";

  /** Whether partitions matter. */
  public boolean matter() {
    return !include.isEmpty();
  }

  /**
   * What to scan one after another, in a fixed order.
   *
   * @throws ConnectException when a collection has no partition that matches, or one that is not
   *     loaded
   */
  public List<String> scans(MilvusClient client, Collection collection) {
    if (!matter()) {
      requireLoaded(client, collection, List.of());
      return List.of(ANY);
    }
    List<String> matching =
        client.partitions(collection.name()).stream().filter(this::contains).sorted().toList();
    if (matching.isEmpty()) {
      throw new ConnectException(
          "no partition of collection %s matches %s"
              .formatted(collection.name(), MilvusSourceConfig.PARTITIONS));
    }
    requireLoaded(client, collection, matching);
    return matching;
  }

  /**
   * Milvus answers from what is loaded, and leaves out the rest without a word.
   *
   * @param partitions all of them when empty
   * @throws ConnectException naming one that is not loaded
   */
  static void requireLoaded(MilvusClient client, Collection collection, List<String> partitions) {
    if (collection.fields().stream().anyMatch(FieldSchema::getIsPartitionKey)) {
      return; // Milvus loads and releases these as a whole
    }
    String name = collection.name();
    for (String partition : partitions.isEmpty() ? existing(client, name) : partitions) {
      LoadState state = client.loadState(name, List.of(partition));
      if (state != LoadState.LoadStateLoaded && state != LoadState.LoadStateLoading) {
        throw new ConnectException(
            "partition %s of collection %s is not loaded, so its rows cannot be read; load it, or leave it out by %s"
                .formatted(partition, name, MilvusSourceConfig.PARTITIONS));
      }
    }
  }

  private static List<String> existing(MilvusClient client, String collection) {
    try {
      return client.partitions(collection);
    } catch (MilvusException e) {
      if (e.isUnimplemented()) {
        return List.of(); // a server without partitions: Milvus Lite 2
      }
      throw e;
    }
  }

  /** Whether rows of a partition are read; {@link #ANY} stands for all of them at once. */
  public boolean contains(String partition) {
    return !matter() || partition.equals(ANY) || include.stream().anyMatch(partition::matches);
  }

  /** The partition's name where partitions matter, {@link #ANY} elsewhere. */
  public String told(String partition) {
    return matter() ? partition : ANY;
  }

  /** As a request's list of partitions. */
  static List<String> list(String partition) {
    return partition.equals(ANY) ? List.of() : List.of(partition);
  }

  /** Adds the header, unless the partition is not known. */
  public static void addTo(Headers headers, String partition) {
    if (!partition.equals(ANY)) {
      headers.add(HEADER, partition, Schema.STRING_SCHEMA);
    }
  }
}
