package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One SQLState of each kind, from PostgreSQL's appendix "Error Codes". */
class PostgresErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "08006, true, false",
    "40001, true, false",
    "40P01, true, false",
    "53300, true, false",
    "57P01, true, false",
    ", true, false",
    "22001, false, true",
    "23505, false, true",
    "54000, false, true",
    "21000, false, true",
    "42501, false, false",
    "42P01, false, false",
    "28P01, false, false",
    "22, false, false",
  })
  void tellsWhatMayBeTriedAgainFromWhatARowIsToBlameFor(
      String state, boolean isTransient, boolean isData) {
    SQLException e = new SQLException("refused", state);
    assertThat(PostgresErrors.INSTANCE.isTransient(e)).isEqualTo(isTransient);
    assertThat(PostgresErrors.INSTANCE.isData(e)).isEqualTo(isData);
  }
}
