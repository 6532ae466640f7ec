package io.vectorconnect.milvus.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.milvus.sink.Suspects.UnprovenException;
import io.vectorconnect.milvus.sink.row.Row;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class SuspectsTest {
  private final UnprovenException reason = new UnprovenException("the server says no");
  private final Suspects suspects = new Suspects();
  private final List<Object> reported = new ArrayList<>();

  private static Row row(long key) {
    SinkRecord record = new SinkRecord("t", 3, null, null, null, null, key);
    return new Row(List.of(record), null, key, new Object[0], 1);
  }

  private void judge() {
    suspects.judge((row, why) -> reported.add(row.key()));
  }

  @Test
  void aRowIsToBlameIfTheServerTakesOthersAfterwards() {
    suspects.refused(); // two together
    suspects.taken();
    suspects.add(row(7), reason);
    judge();
    assertThat(reported).containsExactly(7L);
  }

  @Test
  void whatWasTakenBeforeProvesNothing() {
    suspects.taken();
    suspects.add(row(7), reason);
    assertThatThrownBy(this::judge)
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("topic t, partition 3, offset 7: the server says no");
    assertThat(reported).isEmpty();
  }

  @Test
  void aServerThatTakesNothingIsNotAskedForEveryRow() {
    assertThatThrownBy(
            () -> {
              for (long key = 0; key < 1_000; key++) {
                suspects.add(row(key), reason);
              }
            })
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("offset 0");
    assertThat(suspects.release()).hasSizeLessThan(50);
  }

  @Test
  void rowsWithoutAVerdictAreTriedAgain() {
    suspects.add(row(1), reason);
    suspects.add(row(2), reason);
    assertThat(suspects.release()).extracting(Row::key).containsExactly(1L, 2L);
    judge();
    assertThat(reported).isEmpty();
  }
}
