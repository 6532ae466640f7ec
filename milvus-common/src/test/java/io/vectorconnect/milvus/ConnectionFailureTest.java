package io.vectorconnect.milvus;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vectorconnect.milvus.MilvusException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class ConnectionFailureTest {

  private static MilvusException failure(String address) {
    MilvusConnection connection =
        new MilvusConnection(
            new AbstractConfig(
                MilvusConnection.define(new ConfigDef()), Map.of(MilvusConnection.URI, address)));
    try (MilvusClient client = new MilvusClient(connection, Duration.ofSeconds(3))) {
      return catchThrowableOfType(MilvusException.class, client::collections);
    }
  }

  private static String address(int port) {
    return "http://127.0.0.1:" + port;
  }

  @Test
  void aClosedPortRefuses() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(failure(address(port)))
        .hasMessageContaining("(Connection refused: ")
        .extracting(MilvusException::kind)
        .isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    assertThat(failure("http://no-such-host.invalid:19530"))
        .hasMessageContaining("(unknown host: no-such-host.invalid");
  }

  @Test
  void anotherServerIsToldFromMilvus() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answerInText(socket));
      server.setDaemon(true);
      server.start();
      assertThat(failure(address(socket.getLocalPort())))
          .hasMessageContaining("does not speak gRPC");
      assertThat(failure("https://127.0.0.1:" + socket.getLocalPort()))
          .hasMessageContaining("does not speak TLS");
    }
  }

  /** As a web server or a database does that a client speaks to in another language. */
  private static void answerInText(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        client.getOutputStream().flush();
        while (client.getInputStream().read() >= 0) {
          // until the client hangs up
        }
      } catch (IOException hungUp) {
        // the client has hung up, or the test is over
      }
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(failure(address(socket.getLocalPort())))
          .hasMessageEndingWith("DEADLINE_EXCEEDED: no connection within connection.timeout.ms")
          .extracting(MilvusException::kind)
          .isEqualTo(Kind.UNREACHABLE);
    }
  }
}
