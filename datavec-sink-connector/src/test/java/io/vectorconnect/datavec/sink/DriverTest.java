package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What is said of a login that a missing library makes impossible; no server here asks for SM3. */
class DriverTest {
  @Test
  void aRefusedLoginNamesTheLibraryThatAnSm3PasswordNeeds() {
    SQLException refused = new SQLException("Invalid username/password,login denied.", "28P01");
    SQLException told = Driver.withHint(refused);
    assertThat((Throwable) told)
        .hasMessageStartingWith("Invalid username/password,login denied.")
        .hasMessageContaining("BouncyCastle (bcprov-jdk18on) into the connector's plugin folder")
        .hasCause(refused);
    assertThat(told.getSQLState()).isEqualTo("28P01");
  }

  @Test
  void otherFailuresStayAsTheyAre() {
    SQLException unreachable = new SQLException("Connection refused", "08001");
    assertThat((Throwable) Driver.withHint(unreachable)).isSameAs(unreachable);
  }
}
