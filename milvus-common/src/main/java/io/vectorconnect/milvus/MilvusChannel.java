package io.vectorconnect.milvus;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Opens the gRPC channel of a connection. */
final class MilvusChannel {
  /** Milvus allows a ping every 5 seconds, also between calls (its internal/proxy/service.go). */
  private static final int PING_SECONDS = 30;

  private static final int PONG_SECONDS = 10;

  private MilvusChannel() {}

  /**
   * A channel that connects with the first call.
   *
   * @throws MilvusException when files of the connection cannot be used
   */
  static ManagedChannel open(MilvusConnection connection, MilvusTls tls) {
    Endpoint endpoint = connection.endpoint();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers(connection)));
    tls.applyTo(builder);
    return builder.build();
  }

  private static Metadata headers(MilvusConnection connection) {
    Metadata headers = new Metadata();
    headers.put(header("dbname"), connection.database());
    connection
        .credentials()
        .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .ifPresent(encoded -> headers.put(header("authorization"), encoded));
    return headers;
  }

  private static Metadata.Key<String> header(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
