package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.oceanbase.source.KeyColumn.Form;
import io.vectorconnect.oceanbase.source.Queries.Span;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueriesTest {
  private static final Table TABLE =
      new Table(
          "d`b",
          "t",
          List.of(),
          List.of(
              new KeyColumn("a", Form.NUMBER),
              new KeyColumn("b`", Form.TEXT),
              new KeyColumn("c", Form.BINARY)));

  @Test
  void keysAreComparedAsRowsByBoundParameters() {
    Sql sql =
        new Queries(TABLE)
            .page(
                List.of("n.x"),
                42,
                new Span(new Key(List.of("18446744073709551615", "';--", "00ff")), null),
                10);
    assertThat(sql.text())
        .isEqualTo(
            "SELECT n.x FROM `d``b`.`t` AS OF SNAPSHOT 42 n WHERE (n.`a`, n.`b```, n.`c`) > (?, ?,"
                + " ?) ORDER BY n.`a`, n.`b```, n.`c` LIMIT 10");
    assertThat(sql.parameters())
        .containsExactly(
            new BigDecimal("18446744073709551615"), "';--", new byte[] {0, (byte) 0xFF});
  }

  @Test
  void stampsComeBeforeKeysAndTheFloorIsAskedOnce() {
    Queries queries = new Queries(TABLE);
    Span all = new Span(null, null);
    Sql first = queries.stamped(List.of("n.a"), "t`s", 5, Optional.of("2026"), null, all, 10);
    assertThat(first.text())
        .contains("n.ora_rowscn > 5 AND n.`t``s` >= ? AND")
        .contains("ORDER BY n.`t``s`, n.`a`, n.`b```, n.`c` LIMIT 10");
    Key last = new Key(List.of("1", "x", "00")).behind("2027");
    Sql next = queries.stamped(List.of("n.a"), "t`s", 5, Optional.of("2026"), last, all, 10);
    assertThat(next.text()).contains("(n.`t``s`, n.`a`, n.`b```, n.`c`) > (?, ?, ?, ?)");
    assertThat(next.parameters()).startsWith("2027", BigDecimal.ONE, "x").hasSize(4);
  }

  @Test
  void changesAreAskedOfThePresentAndDeletesOfTwoSnapshots() {
    Queries queries = new Queries(TABLE);
    Span all = new Span(null, null);
    assertThat(queries.changed(List.of("n.a"), 5, all, 10).text())
        .contains("n.ora_rowscn > 5")
        .doesNotContain("SNAPSHOT");
    assertThat(queries.deleted(List.of("n.a"), 5, 9, all, 10).text())
        .contains(
            "AS OF SNAPSHOT 5 n LEFT JOIN",
            "AS OF SNAPSHOT 9 m",
            "(m.`a` IS NULL OR BINARY m.`b``` <> BINARY n.`b```) AND");
  }
}
