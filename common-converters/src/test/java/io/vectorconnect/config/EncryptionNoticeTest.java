package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionNoticeTest {
  @ParameterizedTest
  @CsvSource({
    "connection.uri, http://db:19530, db is not encrypted, write https:// in connection.uri",
    "connection.sslmode, disable, db is not encrypted, set connection.sslmode=verify-full",
    "connection.sslmode, prefer, only if the server offers it, set connection.sslmode=verify-full",
    "connection.sslmode, allow, only if the server offers it, set connection.sslmode=verify-full",
  })
  void plainTextIsStatedWithWhatToDo(String key, String value, String what, String remedy) {
    assertThat(EncryptionNotice.text("db", key, value).orElseThrow()).contains(what, remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://db:19530", "HTTPS://db", "require", "verify-ca", "verify-full"})
  void nothingIsSaidOfAnEncryptedConnection(String value) {
    assertThat(EncryptionNotice.text("db", "key", value)).isEmpty();
  }
}
