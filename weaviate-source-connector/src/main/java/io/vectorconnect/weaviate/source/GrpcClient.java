package io.vectorconnect.weaviate.source;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.vectorconnect.weaviate.proto.SearchReply;
import io.vectorconnect.weaviate.proto.SearchRequest;
import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The one call of Weaviate's gRPC API that a source needs. */
final class GrpcClient implements AutoCloseable {
  private static final MethodDescriptor<SearchRequest, SearchReply> SEARCH =
      MethodDescriptor.<SearchRequest, SearchReply>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("weaviate.v1.Weaviate/Search")
          .setRequestMarshaller(marshaller(SearchRequest.parser()))
          .setResponseMarshaller(marshaller(SearchReply.parser()))
          .build();

  /** What the server may send ahead; an answer is held whole anyway. */
  private static final int WINDOW = 8 << 20;

  private final ManagedChannel channel;
  private final Credentials credentials;
  private final String address;
  private final Duration timeout;

  /**
   * Prepares a connection; nothing is sent yet.
   *
   * @param maxAnswer the largest answer to take, in bytes
   */
  GrpcClient(
      WeaviateConnection connection, Credentials credentials, Duration timeout, int maxAnswer) {
    this.credentials = credentials;
    this.address = connection.grpcAddress();
    this.timeout = timeout;
    int colon = address.lastIndexOf(':');
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))
            .initialFlowControlWindow(WINDOW)
            .maxInboundMessageSize(maxAnswer);
    if (!connection.encrypted()) {
      builder.usePlaintext();
    } else if (connection.caFile().isPresent()) {
      trust(builder, connection);
    }
    channel = builder.build();
  }

  private static void trust(NettyChannelBuilder builder, WeaviateConnection connection) {
    try {
      SslContextBuilder ssl = GrpcSslContexts.forClient();
      builder.sslContext(ssl.trustManager(connection.caFile().orElseThrow().toFile()).build());
    } catch (IOException | IllegalArgumentException e) {
      throw new WeaviateException(
          Kind.REFUSED,
          "%s cannot be used: %s".formatted(WeaviateConnection.CA_FILE, e.getMessage()),
          e);
    }
  }

  private static <T extends Message> MethodDescriptor.Marshaller<T> marshaller(Parser<T> plain) {
    Parser<T> parser = DiscardUnknownFieldsParser.wrap(plain);
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(T message) {
        return new ByteArrayInputStream(message.toByteArray());
      }

      @Override
      public T parse(InputStream stream) {
        try {
          CodedInputStream in = CodedInputStream.newInstance(stream, 1 << 16);
          in.setSizeLimit(Integer.MAX_VALUE);
          return parser.parseFrom(in);
        } catch (IOException e) {
          throw Status.INTERNAL
              .withDescription("unreadable answer")
              .withCause(e)
              .asRuntimeException();
        }
      }
    };
  }

  /** Whether something answers there. */
  boolean isReachable() {
    try {
      search(SearchRequest.newBuilder().setLimit(1).setUses127Api(true).build());
      return true;
    } catch (WeaviateException e) {
      return e.kind() != Kind.UNREACHABLE;
    }
  }

  /**
   * Makes the call.
   *
   * @throws WeaviateException when it fails
   */
  SearchReply search(SearchRequest request) {
    Metadata headers = new Metadata();
    credentials
        .headers()
        .forEach(
            (name, value) ->
                headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    try {
      return ClientCalls.blockingUnaryCall(
          io.grpc.ClientInterceptors.intercept(
              channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
          SEARCH,
          CallOptions.DEFAULT.withDeadline(
              Deadline.after(timeout.toMillis(), TimeUnit.MILLISECONDS)),
          request);
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  private WeaviateException failure(StatusRuntimeException e) {
    String text = String.valueOf(e.getStatus().getDescription());
    Kind kind =
        switch (e.getStatus().getCode()) {
          case UNAVAILABLE, CANCELLED, ABORTED -> Kind.UNREACHABLE;
          // A smaller page may be there in time.
          case DEADLINE_EXCEEDED -> Kind.BUSY;
          case RESOURCE_EXHAUSTED -> text.contains("exceeds maximum") ? Kind.TOO_LARGE : Kind.BUSY;
          case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
          default -> RestClient.kind(text);
        };
    return new WeaviateException(
        kind, "%s: %s %s".formatted(address, e.getStatus().getCode(), text), e);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
