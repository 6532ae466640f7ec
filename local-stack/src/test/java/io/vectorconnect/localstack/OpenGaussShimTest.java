package io.vectorconnect.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OpenGaussShimTest {
  @Test
  void startupPacketBecomesOneThatPostgresqlTakes() {
    byte[] parameters =
        "user\0me\0database\0\u00e9\0connection_info\0{\"driver\"}\0application_name\0\0\0"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer packet = ByteBuffer.allocate(4 + parameters.length);
    packet.putShort((short) 3).putShort((short) 51).put(parameters);

    ByteBuffer rewritten = ByteBuffer.wrap(OpenGaussShim.rewrite(packet.array()));
    assertThat(rewritten.getShort()).isEqualTo((short) 3);
    assertThat(rewritten.getShort()).isZero();
    assertThat(StandardCharsets.UTF_8.decode(rewritten.slice()).toString())
        .isEqualTo("user\0me\0database\0\u00e9\0application_name\0\0\0");
  }
}
