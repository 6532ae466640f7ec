package io.vectorconnect.oceanbase.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OceanBaseErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "08000, 0, true, false",
    ", 0, true, false",
    "40001, 1213, true, false",
    "HY000, 1205, true, false",
    "25000, 6002, true, false",
    "HY000, 4012, true, false",
    "22001, 1406, false, true",
    "23000, 1062, false, true",
    "HY000, 1210, false, true",
    "HY000, 3819, false, true",
    "01000, 1265, false, true",
    "02000, 0, false, true",
    "42000, 1064, false, false",
    "42S02, 1146, true, false",
    "42S22, 1054, true, false",
    "42000, 1049, false, false",
    "28000, 1045, false, false",
  })
  void tellsWhatMayBeTriedAgainFromWhatARowIsToBlameFor(
      String state, int number, boolean isTransient, boolean isData) {
    SQLException e = new SQLException("refused", state, number);
    assertThat(OceanBaseErrors.INSTANCE.isTransient(e)).isEqualTo(isTransient);
    assertThat(OceanBaseErrors.INSTANCE.isData(e)).isEqualTo(isData);
  }

  @Test
  void whatIsNotAllowedWhileATableIsBeingDefinedIsTriedAgain() {
    SQLException now = new SQLException("(conn=12) Operation not allowed now", "HY000", 4179);
    SQLException never = new SQLException("(conn=12) vector index not allowed now", "HY000", 4179);
    assertThat(OceanBaseErrors.INSTANCE.isTransient(now)).isTrue();
    assertThat(OceanBaseErrors.INSTANCE.isTransient(never)).isFalse();
  }

  @Test
  void aLockThatDoesNotGoIsExplained() {
    assertThat(OceanBaseErrors.describe(new SQLException("Lock wait timeout", "HY000", 1205)))
        .startsWith("Lock wait timeout (SQLState HY000, error 1205); where nobody else writes");
    assertThat(OceanBaseErrors.describe(new SQLException("Deadlock", "40001", 1213)))
        .isEqualTo("Deadlock (SQLState 40001, error 1213)");
  }

  /** The server's own texts, as seekdb 1.4.0 sends them. */
  @Test
  void showsNoValues() {
    assertThat(
            OceanBaseErrors.describe(
                new SQLException(
                    "(conn=12) Duplicate entry 'it's \n secret' for key 'PRIMARY'", "23000", 1062)))
        .isEqualTo("Duplicate entry for key 'PRIMARY' (SQLState 23000, error 1062)");
    assertThat(
            OceanBaseErrors.describe(
                new SQLException(
                    "(conn=12) Incorrect decimal value: 'secret' for column 'n' at row 1",
                    "HY000",
                    1366)))
        .isEqualTo("Incorrect decimal value for column 'n' at row 1 (SQLState HY000, error 1366)");
    assertThat(
            OceanBaseErrors.describe(
                new SQLException(
                    "Data truncation: (conn=12) Data too long for column 'vc' at row 1",
                    "22001",
                    1406)))
        .isEqualTo("Data too long for column 'vc' at row 1 (SQLState 22001, error 1406)");
    assertThat(
            OceanBaseErrors.describe(
                new SQLException(
                    "(conn=12) You have an error in your SQL syntax near '(1,'secret' at line 1"
                        + "\nQuery is: INSERT INTO t (c) VALUES (1,'secret'",
                    "42000",
                    1064)))
        .isEqualTo(
            "You have an error in your SQL syntax near a part that is not shown at line 1"
                + " (SQLState 42000, error 1064)");
  }
}
