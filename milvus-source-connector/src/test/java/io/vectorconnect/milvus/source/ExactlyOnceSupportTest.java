package io.vectorconnect.milvus.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;

class ExactlyOnceSupportTest {
  private static ExactlyOnceSupport of(Map<String, String> config) {
    return new MilvusSourceConnector().exactlyOnceSupport(config);
  }

  @Test
  void isOfferedWhereNoRowComesAgain() {
    assertThat(of(Map.of())).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(of(Map.of("poll.strategy", "new_keys"))).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(of(Map.of("poll.strategy", "change_stream")))
        .isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(of(Map.of("poll.strategy", "Reconcile"))).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
    assertThat(of(Map.of("poll.strategy", "timestamp_field")))
        .isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
  }
}
