package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows are appended to a table without any key, while the worker is killed over and over. */
@Services(shared = POSTGRESQL, mortalWorker = true)
@Timeout(600)
class ExactlyOnceIT {
  private static final int ROWS = 60_000;
  private static final int KILLS = 5;
  private static final int PARTITIONS = 2;
  private static final String VALUE =
      """
      {"schema": {"type": "struct", "fields": [
         {"field": "id", "type": "int64"},
         {"field": "v", "type": "array", "items": {"type": "float"}}]},
       "payload": {"id": %d, "v": [%d, 0.5]}}""";

  @Test
  void everyRowIsThereOnceThoughTheWorkerIsKilledAtRandomPoints() throws Exception {
    Sql target = Sql.postgresql();
    target.execute("CREATE TABLE once (id bigint, v vector(2))");
    try (Topics topics = new Topics()) {
      topics.create("once", PARTITIONS);
      for (int i = 0; i < ROWS; i++) {
        topics.sendLater(new ProducerRecord<>("once", i % PARTITIONS, null, VALUE.formatted(i, i)));
      }
    }
    Map<String, String> sink = target.sinkConfig("once");
    String name = sink.get("name");
    sink.put("tasks.max", Integer.toString(PARTITIONS));
    sink.put("insert.mode", "insert");
    sink.put("pk.mode", "none");
    sink.put("delivery.guarantee", "exactly_once");
    sink.put("batch.max.rows", "300");
    Stack.mortal().put(name, sink);

    Random random = new Random(7);
    int kills = 0;
    while (kills < KILLS) {
      long before = Math.max(0, target.count("once"));
      long enough = Math.min(ROWS - 1, before + 1 + random.nextInt(ROWS / KILLS / 2));
      Await.until("some rows", () -> target.count("once") >= enough, Stack.mortal(), name);
      Stack.mortalWorker().kill();
      kills++;
      assertThat(target.count("once")).as("killed in the middle").isLessThan(ROWS);
      Stack.mortalWorker().start();
    }
    Await.until("all rows", () -> target.count("once") >= ROWS, Stack.mortal(), name);
    assertThat(
            target.value(
                "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM once"
                    + " WHERE v::text = '[' || id || ',0.5]'"))
        .isEqualTo("%d|%d|0|%d".formatted(ROWS, ROWS, ROWS - 1));
    assertThat(
            target.value(
                "SELECT sum(next_offset) FROM vector_connect_offsets WHERE topic = 'once'"))
        .isEqualTo(Integer.toString(ROWS));
    Stack.mortal().delete(name);
  }
}
