package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two tasks on a real worker build a collection anew behind an alias; the worker is killed in the
 * middle of it and right after the switch, while a reader reads.
 */
@Services(alone = MILVUS, mortalWorker = true)
@Timeout(300)
class MilvusAliasKillIT {
  private static final int ROWS = 20_000;
  private static final String FROM = "rebuilt_from";
  private static final String ALIAS = "rebuilt";
  private static final String OLD = "rebuilt_old";
  private static final String SOURCE = "source-rebuilt";
  private static final String SINK = "sink-rebuilt";

  private final MilvusCollections milvus = new MilvusCollections();
  private final MilvusRows rows = new MilvusRows(milvus.client());

  private List<String> built() {
    return milvus.client().listCollections().getCollectionNames().stream()
        .filter(name -> name.matches(ALIAS + "_\\d{8}T\\d{9}Z"))
        .toList();
  }

  private boolean isSwitched() {
    return built().stream()
        .anyMatch(
            name ->
                milvus
                    .client()
                    .listAliases(ListAliasesReq.builder().collectionName(name).build())
                    .getAlias()
                    .contains(ALIAS));
  }

  private long count() {
    return (Long) rows.query(ALIAS, "", "count(*)").get(0).get("count(*)");
  }

  private void prepare() throws Exception {
    milvus.create(FROM, DataType.Int64, false);
    milvus.insert(FROM, 0, ROWS - 1, MilvusCollections::row);
    milvus.create(OLD, DataType.Int64, false);
    milvus.insert(OLD, 0, ROWS - 1, MilvusAliasKillIT::old);
    milvus.awaitLoaded(OLD);
    milvus.client().createAlias(CreateAliasReq.builder().alias(ALIAS).collectionName(OLD).build());
  }

  private static JsonObject old(long number) {
    JsonObject row = MilvusCollections.row(number);
    row.addProperty("label", "old");
    return row;
  }

  private static void start() {
    Map<String, String> source = MilvusCollections.sourceConfig(SOURCE, FROM);
    source.put("topic.prefix", "to.");
    source.put("scan.ranges", "3");
    source.put("topic.creation.default.partitions", "4");
    source.put("topic.creation.default.replication.factor", "1");
    Map<String, String> sink = MilvusCollections.sinkConfig(SINK, "to." + FROM);
    sink.put("tasks.max", "2");
    sink.put("collection.name.format", ALIAS);
    sink.put("alias.switch", "true");
    sink.put("alias.idle.ms", "5000");
    sink.put("alias.old", "drop");
    sink.put("batch.max.rows", "100");
    sink.put("consumer.override.max.poll.records", "100");
    sink.put("consumer.override.session.timeout.ms", "6000");
    sink.put("consumer.override.heartbeat.interval.ms", "1000");
    Stack.mortal().put(SOURCE, source);
    Stack.mortal().put(SINK, sink);
  }

  @Test
  void aKillBeforeTheSwitchAndOneAfterItLoseAndDoubleNothing() throws Exception {
    prepare();
    try (AliasReader reader = new AliasReader(milvus, ALIAS, 1, 2, 3, 4)) {
      start();
      Await.until("the new collection", () -> !built().isEmpty(), Stack.mortal(), SOURCE, SINK);
      List<String> built = built();
      Stack.mortalWorker().kill(); // it was created for the first rows, and is not loaded yet
      assertThat(isSwitched()).isFalse();
      reader.awaitReads(10);
      assertThat(reader.seen()).containsExactly("old");

      Stack.mortalWorker().start();
      Await.until("the switch", this::isSwitched, Stack.mortal(), SOURCE, SINK);
      Stack.mortalWorker().kill();
      assertThat(count()).isEqualTo(ROWS);
      assertThat(rows.byId(ALIAS, ROWS)).isEqualTo(rows.byId(FROM, ROWS));
      milvus.insert(FROM, ROWS, ROWS + 4, MilvusCollections::row);

      Stack.mortalWorker().start();
      Await.until("what came later", () -> count() == ROWS + 5, Stack.mortal(), SOURCE, SINK);
      Await.until(
          "the drop",
          () -> !milvus.client().listCollections().getCollectionNames().contains(OLD),
          Stack.mortal(),
          SOURCE,
          SINK);
      reader.awaitReads(10);
      assertThat(built()).isEqualTo(built);
      assertThat(reader.seen().subList(1, reader.seen().size()))
          .isNotEmpty()
          .noneMatch(labels -> labels.contains("old"));
    }
    tidy();
  }

  private void tidy() {
    Stack.mortal().delete(SOURCE);
    Stack.mortal().delete(SINK);
    milvus.client().dropAlias(DropAliasReq.builder().alias(ALIAS).build());
    milvus.client().listCollections().getCollectionNames().stream()
        .filter(name -> name.startsWith("vector_connect_alias_") || name.startsWith(ALIAS))
        .forEach(milvus::drop);
    milvus.close();
  }
}
