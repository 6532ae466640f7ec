package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import io.vectorconnect.weaviate.source.config.WeaviateConnection.Transport;
import io.vectorconnect.weaviate.source.schema.Collection;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both APIs of one server, and the choice between them. */
public final class WeaviateClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WeaviateClient.class);

  /** An answer may be so many times larger than was asked for: its first pages are guesses. */
  private static final int ROOM = 8;

  private static final int MIN_ANSWER = 32 << 20;

  private final RestClient rest;
  private final Optional<GrpcClient> grpc;
  private final Transport transport;
  private volatile boolean closed;

  /**
   * Connects.
   *
   * @param maxBytes about how large pages are to be
   */
  public WeaviateClient(WeaviateConnection connection, Duration timeout, int maxBytes) {
    int maxAnswer = (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_ANSWER, (long) ROOM * maxBytes));
    rest = new RestClient(connection, timeout, maxAnswer);
    transport = connection.transport();
    grpc = transport == Transport.REST ? Optional.empty() : grpc(connection, timeout, maxAnswer);
  }

  private Optional<GrpcClient> grpc(
      WeaviateConnection connection, Duration timeout, int maxAnswer) {
    GrpcClient client = new GrpcClient(connection, rest.credentials(), timeout, maxAnswer);
    Optional<WeaviateException> unreachable =
        transport == Transport.AUTO ? client.unreachable() : Optional.empty();
    if (unreachable.isPresent()) {
      client.close();
      log.warn(
          "Nothing answers gRPC ({}); objects are read by REST, which is slower. Set {}, or {}=rest.",
          unreachable.get().getMessage(),
          WeaviateConnection.GRPC_ADDRESS,
          WeaviateConnection.TRANSPORT);
      return Optional.empty();
    }
    return Optional.of(client);
  }

  public RestClient rest() {
    return rest;
  }

  /** gRPC, where it is in use. */
  public Optional<GrpcClient> grpc() {
    return grpc;
  }

  /**
   * The way by which a collection is read. Collections with references are always read by REST:
   * over gRPC the server leaves out references to objects that do not exist any more.
   */
  public Pages pages(Collection collection) {
    return grpc.isPresent() && !collection.hasReferences()
        ? new GrpcPages(grpc.get(), collection)
        : new RestPages(rest);
  }

  /** Whether {@link #close} was called, so that long work can end. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    grpc.ifPresent(GrpcClient::close);
  }
}
