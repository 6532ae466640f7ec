package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.config.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class TopicNamesTest {
  private static Optional<Problem> problem(String... names) {
    ConfigDef def =
        new ConfigDef()
            .define(SourceKeys.TOPIC_PREFIX, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "");
    AbstractConfig config = new AbstractConfig(def, Map.of(SourceKeys.TOPIC_PREFIX, "p."), false);
    return TopicNames.problem(new SourceKeys(config, "table"), "table", List.of(names));
  }

  @Test
  void namesThatDifferByMoreThanDotsAreTopics() {
    assertThat(problem("a", "A", "a_b", "a-b", "a.c")).isEmpty();
  }

  @Test
  void aNameThatIsNoTopicIsReported() {
    assertThat(problem("a", "文章").orElseThrow().message()).contains("p.文章", "topic.prefix");
  }

  @Test
  void twoNamesWhoseTopicsKafkaTakesForOneAreReported() {
    assertThat(problem("x", "a.b", "a_b").orElseThrow().message())
        .contains("tables a.b and a_b", "p.a.b and p.a_b");
  }
}
