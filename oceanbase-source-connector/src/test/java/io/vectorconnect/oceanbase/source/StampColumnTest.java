package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class StampColumnTest {
  private static final long SECOND = 1_000_000;
  private static final StampColumn COLUMN = new StampColumn("t", true, Duration.ofSeconds(10));

  @Test
  void theFloorLiesBelowTheEarlierOfTheClockAndWhatWasSeen() {
    long noon = 1_795_262_400 * SECOND;
    long scn = noon * 1_000;
    assertThat(COLUMN.floor(noon - SECOND / 4, scn)).contains("2026-11-21 11:59:49.750000");
    assertThat(COLUMN.floor(noon + 3_600 * SECOND, scn)).contains("2026-11-21 11:59:50.000000");
    assertThat(COLUMN.floor(Position.NONE, scn)).isEmpty();
    assertThat(COLUMN.floor(5 * SECOND, scn)).as("before the first TIMESTAMP").isEmpty();
    assertThat(new StampColumn("t", false, Duration.ZERO).floor(-SECOND, scn))
        .contains("1969-12-31 23:59:59.000000");
  }

  @Test
  void onlyAColumnThatEveryRowHasIsTaken() {
    assertThat(StampColumn.of(table("datetime", false), "t", Duration.ZERO).zoned()).isFalse();
    assertThat(StampColumn.of(table("timestamp", false), "t", Duration.ZERO).zoned()).isTrue();
    assertThatThrownBy(() -> StampColumn.of(table("timestamp", true), "t", Duration.ZERO))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("NOT NULL");
    assertThatThrownBy(() -> StampColumn.of(table("bigint", false), "t", Duration.ZERO))
        .hasMessageContaining("column t of table n is bigint");
    assertThatThrownBy(() -> StampColumn.of(table("timestamp", false), "u", Duration.ZERO))
        .hasMessageContaining("has no column u");
    assertThatThrownBy(() -> StampColumn.of(table("timestamp", false), "", Duration.ZERO))
        .hasMessageContaining("needs timestamp.column");
  }

  private static Table table(String type, boolean nullable) {
    return new Table("d", "n", List.of(new Column("t", type, type, nullable, 0, 0)), List.of());
  }
}
