package io.vectorconnect.localstack;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A loopback proxy through which openGauss's JDBC driver talks to PostgreSQL: it rewrites the
 * startup packet (protocol 3.51 to 3.0, without the parameters that PostgreSQL does not know), and
 * then passes bytes both ways.
 */
final class OpenGaussShim implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final int MAX_STARTUP = 10_000;
  private static final Set<String> KNOWN =
      Set.of(
          "user",
          "database",
          "client_encoding",
          "DateStyle",
          "TimeZone",
          "extra_float_digits",
          "application_name");

  private final int target;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  OpenGaussShim(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread("opengauss-shim", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        thread("opengauss-shim-connection", () -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(client.getInputStream());
      byte[] startup = readPacket(in);
      while (protocol(startup) == SSL_REQUEST) {
        client.getOutputStream().write('N');
        startup = readPacket(in);
      }
      byte[] rewritten = rewrite(startup);
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      out.writeInt(rewritten.length + Integer.BYTES);
      out.write(rewritten);
      out.flush();
      Thread back = thread("opengauss-shim-answers", () -> pipe(server, client));
      pipe(client, server);
      back.join();
      open.remove(server);
    } catch (IOException e) {
      // One side hung up; the other learns it by its socket being closed.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static byte[] readPacket(DataInputStream in) throws IOException {
    int length = in.readInt() - Integer.BYTES;
    if (length < Integer.BYTES || length > MAX_STARTUP) {
      throw new IOException("not a startup packet");
    }
    return in.readNBytes(length);
  }

  private static int protocol(byte[] packet) {
    return java.nio.ByteBuffer.wrap(packet).getInt();
  }

  /** The startup packet (without its length) as PostgreSQL takes it. */
  static byte[] rewrite(byte[] packet) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(java.nio.ByteBuffer.allocate(Integer.BYTES).putInt(PROTOCOL_3_0).array());
    String[] words =
        new String(packet, Integer.BYTES, packet.length - Integer.BYTES, StandardCharsets.UTF_8)
            .split("\0", -1);
    for (int i = 0; i + 1 < words.length && !words[i].isEmpty(); i += 2) {
      if (KNOWN.contains(words[i])) {
        out.writeBytes((words[i] + '\0' + words[i + 1] + '\0').getBytes(StandardCharsets.UTF_8));
      }
    }
    out.write(0);
    return out.toByteArray();
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new StackException("cannot close a socket", e);
    }
  }

  @Override
  public void close() {
    close(listener);
    open.forEach(OpenGaussShim::close);
  }
}
