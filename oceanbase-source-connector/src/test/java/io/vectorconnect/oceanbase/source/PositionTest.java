package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.oceanbase.source.Position.Phase;
import io.vectorconnect.oceanbase.source.Position.Stamps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class PositionTest {
  @Test
  void whatIsWrittenIsReadBack() {
    Key key = new Key(List.of("7", "\"é\\", ""));
    for (Phase phase : Phase.values()) {
      for (Key last : new Key[] {null, key}) {
        for (Stamps stamps :
            List.of(Stamps.UNKNOWN, new Stamps(-5, Position.NONE), new Stamps(7, 9))) {
          Position position =
              new Position(phase, 1795259089238924006L, 1795259089249012004L, last, stamps);
          assertThat(Position.fromOffset(position.toOffset())).contains(position);
        }
      }
    }
    assertThat(Position.fromOffset(Map.of())).isEmpty();
  }

  @Test
  void aScanThatGoesOnAtAnotherScnKeepsWhatItHasToMakeUpFor() {
    Key key = new Key(List.of("7"));
    Position begun = Position.snapshot(5).after(key);
    assertThat(begun.scn()).isEqualTo(5);
    Position on = begun.readAt(8).readAt(9);
    assertThat(on).isEqualTo(new Position(Phase.SNAPSHOT, 5, 9, key, Stamps.UNKNOWN));
    assertThat(on.scn()).isEqualTo(9);
    assertThat(on.idle(on.since()).scn()).as("changes are looked for from there").isEqualTo(5);
  }

  @Test
  void offsetsOfUsersAreCheckedBeforeTheyAreStored() {
    Map<String, String> partition = Map.of("database", "d", "table", "t", "range", "0");
    Map<String, String> offset = new HashMap<>(Position.snapshot(5).toOffset());
    offset.put("plan", "[]");
    OceanBaseSourceConnector connector = new OceanBaseSourceConnector();
    assertThat(connector.alterOffsets(Map.of(), Map.of(partition, offset))).isTrue();
    offset.put("since", "yesterday");
    assertThatThrownBy(() -> connector.alterOffsets(Map.of(), Map.of(partition, offset)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("\"since\"");
    offset.remove("phase");
    assertThatThrownBy(() -> connector.alterOffsets(Map.of(), Map.of(partition, offset)))
        .hasMessageContaining("needs \"phase\"");
    assertThatThrownBy(() -> Position.fromOffset(Map.of("phase", "idle")))
        .isInstanceOf(DataException.class);
  }
}
