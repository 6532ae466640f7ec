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
    "YY003, true, false",
    "42809, false, true",
    "P0003, false, true",
    "0A000, false, false",
  })
  void tellsWhatMayBeTriedAgainFromWhatARowIsToBlameFor(
      String state, boolean isTransient, boolean isData) {
    SQLException e = new SQLException("refused", state);
    assertThat(PostgresErrors.INSTANCE.isTransient(e)).isEqualTo(isTransient);
    assertThat(PostgresErrors.INSTANCE.isData(e)).isEqualTo(isData);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "22P02; invalid input value for enum status: \"patient \"x\": positive\"; invalid input value for enum status: (a value that is not shown)",
        "22P02; ungültige Eingabesyntax für Typ integer: »4711«; ungültige Eingabesyntax für Typ integer: (a value that is not shown)",
        "22003; value \"4711\" is out of range for type integer; value (a value that is not shown) is out of range for type integer",
        "P0001; patient 4711; a function or trigger of the database raised an error",
        "42501; permission denied for table \"t\"; permission denied for table \"t\"",
      })
  void showsNoValues(String state, String message, String shown) {
    assertThat(PostgresErrors.shown(state, message)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "22023, true", "54011, true", "42701, true", "0A000, true",
    "42704, false", "42501, false", "3F000, false", "23505, false"
  })
  void tellsATableThatCannotBeFromOneThatMayNotBeCreated(String state, boolean isDefinition) {
    assertThat(PostgresErrors.INSTANCE.isDefinition(new SQLException("refused", state)))
        .isEqualTo(isDefinition);
  }
}
