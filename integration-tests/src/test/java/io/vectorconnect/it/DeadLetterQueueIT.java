package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bad row on a real worker: it is set aside with a reason, and the others land. */
@Services(shared = {CONNECT, POSTGRESQL})
@Timeout(240)
class DeadLetterQueueIT {
  private static final String KEY =
      """
      {"schema": {"type": "struct", "fields": [{"field": "id", "type": "int64"}]},
       "payload": {"id": %d}}""";
  private static final String VALUE =
      """
      {"schema": {"type": "struct", "fields": [
         {"field": "id", "type": "int64"},
         {"field": "v", "type": "array", "items": {"type": "float"}}]},
       "payload": {"id": %d, "v": %s}}""";

  @Test
  void aRowOfTheWrongDimensionGoesToTheQueueWithAReasonAndTheOthersLand() throws Exception {
    Sql target = Sql.postgresql();
    target.execute("CREATE TABLE parcels (id bigint PRIMARY KEY, v vector(3))");
    try (Topics topics = new Topics()) {
      topics.create("parcels", "parcels-dlq");
      for (int i = 0; i < 100; i++) {
        String vector = i == 40 ? "[1, 2]" : "[1, 2, " + i + "]";
        topics.send(new ProducerRecord<>("parcels", KEY.formatted(i), VALUE.formatted(i, vector)));
      }
      Map<String, String> sink = target.sinkConfig("parcels");
      sink.put("errors.tolerance", "all");
      sink.put("errors.deadletterqueue.topic.name", "parcels-dlq");
      sink.put("errors.deadletterqueue.topic.replication.factor", "1");
      sink.put("errors.deadletterqueue.context.headers.enable", "true");
      String name = sink.get("name");
      Stack.connect().put(name, sink);
      Await.until("the good rows", () -> target.count("parcels") == 99, name);

      List<ConsumerRecord<String, String>> dead = new ArrayList<>();
      Await.until(
          "the bad row",
          () -> {
            dead.addAll(topics.poll("parcels-dlq", Duration.ofMillis(500)));
            return !dead.isEmpty();
          },
          name);
      assertThat(dead).singleElement().extracting(ConsumerRecord::key).asString().contains("40");
      assertThat(Topics.header(dead.get(0), "__connect.errors.exception.message"))
          .isEqualTo(
              "topic parcels, partition 0, offset 40: column v (vector(3)) of table parcels:"
                  + " expected a vector of dimension 3, got 2; correct the record, or the target's"
                  + " dimension");
      assertThat(target.value("SELECT count(*) FROM parcels WHERE id = 40")).isEqualTo("0");
      Stack.connect().delete(name);
    }
  }

  /** The whole topic has another dimension than the table. */
  @Test
  void aTopicThatDoesNotFitFailsTheTaskBeforeTheQueueHasIt() throws Exception {
    Sql target = Sql.postgresql();
    target.execute("CREATE TABLE unfit_parcels (id bigint PRIMARY KEY, v vector(3))");
    try (Topics topics = new Topics()) {
      topics.create("unfit_parcels", "unfit_parcels-dlq");
      for (int i = 0; i < 1_000; i++) {
        topics.send(
            new ProducerRecord<>("unfit_parcels", KEY.formatted(i), VALUE.formatted(i, "[1, 2]")));
      }
      Map<String, String> sink = target.sinkConfig("unfit_parcels");
      sink.put("errors.tolerance", "all");
      sink.put("errors.deadletterqueue.topic.name", "unfit_parcels-dlq");
      sink.put("errors.deadletterqueue.topic.replication.factor", "1");
      String name = sink.get("name");
      Stack.connect().put(name, sink);
      Await.until("the task to fail", () -> !failures(name).isEmpty());
      assertThat(failures(name).toString())
          .contains("took none of the first")
          .contains("topic unfit_parcels, partition 0, offset 0")
          .contains("expected a vector of dimension 3, got 2")
          .contains("all.refused=continue");
      assertThat(topics.poll("unfit_parcels-dlq", Duration.ofSeconds(2))).hasSizeLessThan(100);

      sink.put("all.refused", "continue");
      Stack.connect().put(name, sink);
      List<ConsumerRecord<String, String>> dead = new ArrayList<>();
      Await.until(
          "all of them in the queue",
          () -> {
            dead.addAll(topics.poll("unfit_parcels-dlq", Duration.ofMillis(500)));
            return dead.stream().map(ConsumerRecord::key).distinct().count() == 1_000;
          },
          name);
      Stack.connect().delete(name);
    }
  }

  private static List<String> failures(String connector) {
    return Await.failures(Stack.connect(), connector);
  }
}
