package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that arrive long before the rows of another topic to which they refer. */
@Services(shared = {CONNECT, POSTGRESQL, OCEANBASE})
@Timeout(240)
class ForeignKeysIT {
  private static final int CHILDREN = 3_000;

  /** This child refers to a row that never comes. */
  private static final int ORPHAN = 1_500;

  private static final String KEY =
      """
      {"schema": {"type": "struct", "fields": [{"field": "id", "type": "int64"}]},
       "payload": {"id": %d}}""";
  private static final String CHILD =
      """
      {"schema": {"type": "struct", "fields": [
         {"field": "id", "type": "int64"}, {"field": "parent", "type": "int64"}]},
       "payload": {"id": %d, "parent": %d}}""";
  private static final String PARENT =
      """
      {"schema": {"type": "struct", "fields": [
         {"field": "id", "type": "int64"}, {"field": "label", "type": "string"}]},
       "payload": {"id": %d, "label": "parent"}}""";

  enum Target {
    POSTGRESQL,
    OCEANBASE;

    SqlTarget sql() {
      return this == POSTGRESQL ? Sql.postgresql() : OceanBase.database("foreign_keys");
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void childrenWaitForTheParentsOfAnotherTopic(Target target) throws Exception {
    SqlTarget sql = target.sql();
    String prefix = "fk_" + target.name().toLowerCase(Locale.ROOT);
    String parents = prefix + "_parents";
    String children = prefix + "_children";
    String queue = prefix + "_dlq";
    sql.execute(
        "CREATE TABLE " + parents + " (id bigint PRIMARY KEY, label varchar(20))",
        "CREATE TABLE %s (id bigint PRIMARY KEY, parent bigint, FOREIGN KEY (parent) REFERENCES %s (id))"
            .formatted(children, parents));
    try (Topics topics = new Topics()) {
      topics.create(parents, children, queue);
      for (int i = 0; i < CHILDREN; i++) {
        int parent = i == ORPHAN ? 99 : i % 3;
        topics.sendLater(
            new ProducerRecord<>(children, KEY.formatted(i), CHILD.formatted(i, parent)));
      }
      Map<String, String> sink = sql.sinkConfig(parents + "," + children);
      String name = prefix;
      sink.put("name", name);
      sink.put("foreign.key.wait.ms", "15000");
      sink.put("errors.tolerance", "all");
      sink.put("errors.deadletterqueue.topic.name", queue);
      sink.put("errors.deadletterqueue.topic.replication.factor", "1");
      sink.put("errors.deadletterqueue.context.headers.enable", "true");
      Stack.connect().put(name, sink);
      Await.until(
          "the children to wait",
          () ->
              Files.readString(Stack.get().connect().log())
                  .contains("conflicts with a foreign key of table " + children),
          name);
      assertThat(sql.count(children)).isZero();
      for (int i = 0; i < 3; i++) {
        topics.send(new ProducerRecord<>(parents, KEY.formatted(i), PARENT.formatted(i)));
      }
      Await.until("the children", () -> sql.count(children) == CHILDREN - 1, name);
      List<ConsumerRecord<String, String>> dead = new ArrayList<>();
      Await.until(
          "the orphan",
          () -> {
            dead.addAll(topics.poll(queue, Duration.ofMillis(500)));
            return !dead.isEmpty();
          },
          name);
      assertThat(dead).hasSize(1);
      assertThat(Topics.header(dead.get(0), "__connect.errors.exception.message"))
          .contains("topic %s, partition 0, offset %d".formatted(children, ORPHAN));
      assertThat(sql.count(parents)).isEqualTo(3);
      Stack.connect().delete(name);
    }
  }
}
