package io.vectorconnect.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void portsAreDifferentAndCanBeBound() throws IOException {
    List<Integer> ports = Ports.free(20);
    assertThat(ports).hasSize(20).doesNotHaveDuplicates();
    try (ServerSocket socket =
        new ServerSocket(ports.get(0), 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }
}
