package io.vectorconnect.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Ends TLS in front of a server that speaks none: of HTTP/1.1 and of gRPC, on loopback. */
final class TlsProxy implements AutoCloseable {
  private final ServerSocket listener =
      new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); // plain: keys may change
  private final String host;
  private final int port;
  private final boolean demandsCertificates;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger handshakes = new AtomicInteger();
  private volatile SSLContext keys;

  /**
   * Starts.
   *
   * @param keys of the server that it stands for
   * @param target where to pass on, as {@code host:port}
   */
  TlsProxy(SSLContext keys, String target) throws IOException {
    this(keys, target, false);
  }

  /** One that can demand certificates of its clients, by the authorities of {@code keys}. */
  TlsProxy(SSLContext keys, String target, boolean demandsCertificates) throws IOException {
    int colon = target.lastIndexOf(':');
    host = target.substring(0, colon);
    port = Integer.parseInt(target.substring(colon + 1));
    this.demandsCertificates = demandsCertificates;
    this.keys = keys;
    threads.execute(this::accept);
  }

  /** Goes on with other keys, for which every client has to connect again. */
  void changeKeys(SSLContext others) {
    keys = others;
    disconnect();
  }

  /** Where it listens, as {@code 127.0.0.1:port}. */
  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** How many clients trusted it. */
  int handshakes() {
    return handshakes.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket accepted) {
    try (accepted;
        SSLSocket client = encrypted(accepted);
        Socket server = new Socket(host, port)) {
      open.add(client);
      open.add(server);
      client.startHandshake();
      handshakes.incrementAndGet();
      threads.execute(() -> pass(server, client));
      pass(client, server);
    } catch (IOException e) {
      // the client did not trust it, or is gone
    }
  }

  private SSLSocket encrypted(Socket accepted) throws IOException {
    SSLSocket client = (SSLSocket) keys.getSocketFactory().createSocket(accepted, null, true);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}); // gRPC insists on h2
    parameters.setNeedClientAuth(demandsCertificates);
    client.setSSLParameters(parameters);
    return client;
  }

  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
      to.close();
    } catch (IOException e) {
      // one side is gone; its end closes the other
    }
  }

  private void disconnect() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disconnect();
    threads.shutdownNow();
  }
}
