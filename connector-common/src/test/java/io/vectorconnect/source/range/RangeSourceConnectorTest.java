package io.vectorconnect.source.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.source.ReaderLoop;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.source.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RangeSourceConnectorTest {
  private enum Strategy {
    NONE
  }

  private static final class Unreachable extends RuntimeException {}

  private static final ConfigDef DEF =
      SourceKeys.defineScan(
          new ConfigDef(), "table", EnumValidator.of(Strategy.class), "none", "", 10, 10);

  private static final class Tables extends RangeSourceConnector {
    private Supplier<RangePlan> planner = RangePlan::whole;
    private Map<String, String> properties;

    @Override
    protected SourceKeys configure(Map<String, String> props) {
      properties = props;
      return new SourceKeys(new AbstractConfig(DEF, props, false), "table");
    }

    @Override
    protected List<Map<String, String>> taskConfigs(PlanKeeper plans, int maxTasks) {
      plans.read(List.of(new ScanUnit("t", SourcePartition.of("table", "t"))));
      plans.decide("t", planner);
      return plans.configs(properties, maxTasks);
    }

    @Override
    protected ReaderLoop.Failure failure(RuntimeException e) {
      return e instanceof Unreachable ? ReaderLoop.Failure.TRANSIENT : ReaderLoop.Failure.OTHER;
    }

    @Override
    protected Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
      return RangeOffsets.problem(partition, offset);
    }

    @Override
    public Class<? extends Task> taskClass() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ConfigDef config() {
      return DEF;
    }
  }

  private final OffsetTopic topic = new OffsetTopic();
  private final List<Exception> raised = new ArrayList<>();
  private final Tables connector = new Tables();

  private final class Context implements SourceConnectorContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
      return topic;
    }

    @Override
    public void requestTaskReconfiguration() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void raiseError(Exception e) {
      raised.add(e);
    }
  }

  private void start(String retryTimeout) {
    connector.initialize(new Context());
    connector.start(Map.of(SourceKeys.RETRY_TIMEOUT_MS, retryTimeout));
  }

  @AfterEach
  void stop() {
    connector.stop();
  }

  @Test
  void aStoreThatDoesNotAnswerIsAskedAgainUntilTheTimeoutHasPassed() throws Exception {
    start("50");
    connector.planner =
        () -> {
          throw new Unreachable();
        };
    assertThatThrownBy(() -> connector.taskConfigs(1)).isInstanceOf(ConnectException.class);
    assertThat(raised).isEmpty();
    Thread.sleep(60);
    assertThatThrownBy(() -> connector.taskConfigs(1))
        .hasMessageContaining("gave up after retry.timeout.ms=50");
    assertThat(raised).hasSize(1);
  }

  @Test
  void theTimeoutBeginsAgainAfterASuccess() throws Exception {
    start("50");
    connector.planner =
        () -> {
          throw new Unreachable();
        };
    assertThatThrownBy(() -> connector.taskConfigs(1)).isInstanceOf(ConnectException.class);
    connector.planner = RangePlan::whole;
    assertThat(connector.taskConfigs(1)).hasSize(1);
    Thread.sleep(60);
    connector.stop();
    start("50");
    connector.planner =
        () -> {
          throw new Unreachable();
        };
    assertThatThrownBy(() -> connector.taskConfigs(1)).isInstanceOf(ConnectException.class);
    assertThat(raised).isEmpty();
  }

  @Test
  void whatTheConfigurationsCannotBeMadeOfShowsInTheState() {
    start("300000");
    connector.planner =
        () -> {
          throw new ConnectException("its offsets are of another strategy");
        };
    assertThatThrownBy(() -> connector.taskConfigs(1)).hasMessageContaining("another strategy");
    assertThat(raised)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("another strategy"));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAskedAgain() {
    start("300000");
    connector.planner =
        () -> {
          throw new ConnectException("no answer", new TimeoutException("60 s"));
        };
    assertThatThrownBy(() -> connector.taskConfigs(1)).hasMessage("no answer");
    assertThat(raised).isEmpty();
  }

  @Test
  void offsetsThatCannotBeRightAreRefused() {
    assertThatThrownBy(
            () -> connector.alterOffsets(Map.of(), Map.of(Map.of("range", "x"), Map.of())))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("range");
    assertThat(
            connector.alterOffsets(
                Map.of(), Map.of(Map.of("range", "0"), Map.of("last", "k", "plan", "[]"))))
        .isTrue();
  }
}
