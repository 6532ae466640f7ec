package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.sourceConfig;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.common.DataType;
import io.milvus.v2.service.partition.request.CreatePartitionReq;
import io.milvus.v2.service.partition.request.LoadPartitionsReq;
import io.milvus.v2.service.partition.request.ReleasePartitionsReq;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where rows would be passed over in silence, the Milvus source does not go on. */
@Services(alone = MILVUS, shared = CONNECT)
@Timeout(120)
class MilvusSourceGuardsIT {
  private final MilvusCollections milvus = new MilvusCollections();
  private final SourceHarness source = new SourceHarness(new MilvusSourceConnector());

  @AfterEach
  void close() {
    milvus.close();
  }

  private static Map<String, String> snapshot(String collection, String... more) {
    Map<String, String> config = sourceConfig("it", collection);
    config.put("mode", "snapshot");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private void create(String collection, String... partitions) {
    milvus.create(collection, DataType.Int64);
    for (String partition : partitions) {
      milvus
          .client()
          .createPartition(
              CreatePartitionReq.builder()
                  .collectionName(collection)
                  .partitionName(partition)
                  .build());
    }
  }

  private void insert(String collection, String partition, long from, long to) {
    milvus
        .client()
        .insert(
            InsertReq.builder()
                .collectionName(collection)
                .partitionName(partition)
                .data(LongStream.rangeClosed(from, to).mapToObj(MilvusCollections::row).toList())
                .build());
  }

  @Test
  void aCollectionMadeAnewWhileTheConnectorWasDown() throws Exception {
    create("reborn");
    milvus.insert("reborn", 1, 10, MilvusCollections::row);
    for (String mode : List.of("snapshot", "snapshot_then_poll")) {
      Map<String, String> config = snapshot("reborn", "mode", mode);
      SourceHarness reader = new SourceHarness(new MilvusSourceConnector());
      reader.run(config, read -> read.size() == 10);
      milvus.drop("reborn");
      milvus.create("reborn", DataType.Int64);
      milvus.insert("reborn", 1, 10, MilvusCollections::row);
      assertThatThrownBy(() -> reader.run(config, read -> true))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("collection.id")
          .hasMessageContaining("reset the connector's offsets");
    }
    milvus.drop("reborn");
  }

  @Test
  void anAliasThatWasMovedWhileTheConnectorWasDown() throws Exception {
    create("blue");
    create("green");
    milvus.insert("blue", 1, 10, MilvusCollections::row);
    milvus.insert("green", 1, 10, MilvusCollections::row);
    milvus
        .client()
        .createAlias(CreateAliasReq.builder().alias("colour").collectionName("blue").build());
    source.run(snapshot("colour"), read -> read.size() == 5);
    milvus
        .client()
        .alterAlias(AlterAliasReq.builder().alias("colour").collectionName("green").build());
    assertThatThrownBy(() -> source.run(snapshot("colour"), read -> true))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("collection.id");
    milvus.client().dropAlias(DropAliasReq.builder().alias("colour").build());
    milvus.drop("blue");
    milvus.drop("green");
  }

  @Test
  void partitionsThatAreAddedToTheConfiguration() throws Exception {
    create("chosen", "a", "b");
    insert("chosen", "a", 1, 5);
    insert("chosen", "b", 11, 15);
    source.run(snapshot("chosen", "partitions.include", "b"), read -> read.size() == 5);
    assertThatThrownBy(
            () -> source.run(snapshot("chosen", "partitions.include", "a,b"), read -> true))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("partitions.include was \"b\"; now it is \"a,b\"");
    milvus.drop("chosen");
  }

  @Test
  void aPartitionThatIsNotLoaded() throws Exception {
    create("partly", "here", "away");
    insert("partly", "here", 1, 5);
    insert("partly", "away", 11, 15);
    milvus
        .client()
        .releasePartitions(
            ReleasePartitionsReq.builder()
                .collectionName("partly")
                .partitionNames(List.of("away"))
                .build());
    assertThat(Stack.connect().validate(snapshot("partly")).toString())
        .contains("partition away of collection partly is not loaded");
    assertThatThrownBy(() -> source.run(snapshot("partly"), read -> true))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("partition away of collection partly is not loaded");
    assertThat(source.run(snapshot("partly", "partitions.include", "here"), r -> r.size() == 5))
        .hasSize(5);
    milvus
        .client()
        .loadPartitions(
            LoadPartitionsReq.builder()
                .collectionName("partly")
                .partitionNames(List.of("away"))
                .build());
    SourceHarness again = new SourceHarness(new MilvusSourceConnector());
    assertThat(again.run(snapshot("partly"), read -> read.size() == 10)).hasSize(10);
    milvus.drop("partly");
  }
}
