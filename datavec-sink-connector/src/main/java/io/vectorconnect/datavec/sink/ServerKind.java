package io.vectorconnect.datavec.sink;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds out, without a login, whether a server is PostgreSQL or openGauss: it is asked for GSSAPI
 * encryption. PostgreSQL from 12 on says yes or no by one letter. openGauss has never heard of it,
 * and answers with an error that names the protocols that it knows, up to 3.51; so does an older
 * PostgreSQL, which knows 3.0.
 */
final class ServerKind {
  /** GSSENCRequest of PostgreSQL's protocol: its length, and a code in the place of a version. */
  private static final byte[] REQUEST = ByteBuffer.allocate(8).putInt(8).putInt(80_877_104).array();

  private static final String OPENGAUSS_PROTOCOL = "3.51";
  private static final String POSTGRESQL_PROTOCOL = "3.0";
  private static final int MAX_ERROR = 1_024;

  private ServerKind() {}

  /** The driver for the server, or empty where it does not say. */
  static Optional<Driver> driver(DataVecSinkConfig config) {
    int patience = (int) config.connectTimeout().toMillis();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(config.host(), config.port()), patience);
      socket.setSoTimeout(patience);
      socket.getOutputStream().write(REQUEST);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return driver(in.readByte(), in);
    } catch (IOException e) {
      return Optional.empty(); // a login says more about it
    }
  }

  static Optional<Driver> driver(byte answer, DataInputStream in) throws IOException {
    return switch (answer) {
      case 'N', 'G' -> Optional.of(Driver.POSTGRESQL);
      case 'E' -> {
        int length = Math.max(0, Math.min(in.readInt() - Integer.BYTES, MAX_ERROR));
        String error = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        yield error.contains(OPENGAUSS_PROTOCOL)
            ? Optional.of(Driver.OPENGAUSS)
            : error.contains(POSTGRESQL_PROTOCOL)
                ? Optional.of(Driver.POSTGRESQL)
                : Optional.empty();
      }
      default -> Optional.empty();
    };
  }
}
