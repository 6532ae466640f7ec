package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Servers' answers to a request for GSSAPI encryption. */
class ServerKindTest {
  private static Optional<Driver> driver(char answer, String error) throws IOException {
    byte[] text = error.getBytes(StandardCharsets.UTF_8);
    byte[] rest = ByteBuffer.allocate(4 + text.length).putInt(4 + text.length).put(text).array();
    return ServerKind.driver((byte) answer, new DataInputStream(new ByteArrayInputStream(rest)));
  }

  @Test
  void aLetterIsPostgresqlsAndAnErrorNamesTheProtocols() throws IOException {
    String error = "SFATAL\0C0A000\0Munsupported frontend protocol 1234.5680: server supports ";
    assertThat(driver('N', "")).contains(Driver.POSTGRESQL);
    assertThat(driver('G', "")).contains(Driver.POSTGRESQL);
    assertThat(driver('E', error + "1.0 to 3.51\0\0")).contains(Driver.OPENGAUSS);
    assertThat(driver('E', error + "2.0 to 3.0\0\0")).contains(Driver.POSTGRESQL);
    assertThat(driver('E', "SFATAL\0Mtoo many connections\0\0")).isEmpty();
    assertThat(driver('?', "")).isEmpty();
  }
}
