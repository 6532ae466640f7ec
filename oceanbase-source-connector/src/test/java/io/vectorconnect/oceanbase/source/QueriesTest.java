package io.vectorconnect.oceanbase.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.oceanbase.source.KeyColumn.Form;
import io.vectorconnect.oceanbase.source.Queries.Span;
import java.math.BigDecimal;
import java.util.List;
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
  void changesAreAskedOfThePresentAndDeletesOfTwoSnapshots() {
    Queries queries = new Queries(TABLE);
    Span all = new Span(null, null);
    assertThat(queries.changed(List.of("n.a"), 5, all, 10).text())
        .contains("n.ora_rowscn > 5")
        .doesNotContain("SNAPSHOT");
    assertThat(queries.deleted(List.of("n.a"), 5, 9, all, 10).text())
        .contains("AS OF SNAPSHOT 5 n LEFT JOIN", "AS OF SNAPSHOT 9 m", "m.`a` IS NULL");
  }
}
