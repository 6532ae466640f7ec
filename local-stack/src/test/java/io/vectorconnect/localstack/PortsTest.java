package io.vectorconnect.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortsTest {
  @Test
  void portsAreDifferentAndCanBeBound() throws IOException {
    List<Integer> ports = Ports.free(20);
    assertThat(ports).hasSize(20).doesNotHaveDuplicates();
    assertThat(ports).allMatch(port -> port < Ports.firstOutgoing());
    try (ServerSocket socket =
        new ServerSocket(ports.get(0), 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void portsOfOutgoingConnectionsAreLeftAlone() throws IOException {
    try (Scanner range =
        new Scanner(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), StandardCharsets.US_ASCII)) {
      int first = range.nextInt();
      assertThat(Ports.firstOutgoing()).isEqualTo(first >= 15_000 ? first : 65_536);
    }
  }
}
