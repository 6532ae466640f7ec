package io.vectorconnect.weaviate.source.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
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
import io.vectorconnect.config.PemFile;
import io.vectorconnect.weaviate.proto.SearchReply;
import io.vectorconnect.weaviate.proto.SearchRequest;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The one call of Weaviate's gRPC API that a source needs. */
public final class GrpcClient implements AutoCloseable {
  private static final MethodDescriptor<SearchRequest, SearchReply> SEARCH =
      MethodDescriptor.<SearchRequest, SearchReply>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("weaviate.v1.Weaviate/Search")
          .setRequestMarshaller(marshaller(SearchRequest.parser()))
          .setResponseMarshaller(marshaller(SearchReply.parser()))
          .build();

  /** Of a proxy before the server. */
  private static final Metadata.Key<String> RETRY_AFTER = key("retry-after");

  /** What the server may send ahead; an answer is held whole anyway. */
  private static final int WINDOW = 8 << 20;

  /** A server written in Go refuses pings that are more frequent, unless it says otherwise. */
  private static final int PING_MINUTES = 5;

  /** For the answer to a ping, and for TCP's own acknowledgment of whatever is sent. */
  private static final int PONG_SECONDS = 20;

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
            .keepAliveTime(PING_MINUTES, TimeUnit.MINUTES)
            .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
            .maxInboundMessageSize(maxAnswer);
    if (!connection.encrypted()) {
      builder.usePlaintext();
    } else {
      connection.caFile().ifPresent(file -> trust(builder, file));
    }
    channel = builder.build();
  }

  private static void trust(NettyChannelBuilder builder, PemFile file) {
    try {
      SslContextBuilder ssl = GrpcSslContexts.forClient();
      builder.sslContext(ssl.trustManager(file.certificates()).build());
    } catch (IOException e) {
      throw file.unusable(String.valueOf(e.getMessage()));
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

  /** Why nothing answers there, or empty when something does. */
  public Optional<WeaviateException> unreachable() {
    try {
      search(SearchRequest.newBuilder().setLimit(1).setUses127Api(true).build());
      return Optional.empty();
    } catch (WeaviateException e) {
      return Optional.of(e).filter(failure -> failure.kind() == Kind.UNREACHABLE);
    }
  }

  /**
   * Makes the call.
   *
   * @throws WeaviateException when it fails
   */
  SearchReply search(SearchRequest request) {
    Map<String, String> headers = credentials.headers();
    try {
      return search(request, headers);
    } catch (StatusRuntimeException e) {
      WeaviateException failure = failure(e);
      // Weaviate says by its text alone that a token has ended.
      boolean refused =
          failure.kind() == Kind.DENIED && e.getStatus().getCode() != Status.Code.PERMISSION_DENIED;
      if (!refused || !credentials.renew(headers)) {
        throw failure;
      }
    }
    try {
      return search(request, credentials.headers());
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  private SearchReply search(SearchRequest request, Map<String, String> headers) {
    Metadata metadata = new Metadata();
    headers.forEach((name, value) -> metadata.put(key(name), value));
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
        SEARCH,
        CallOptions.DEFAULT.withDeadline(Deadline.after(timeout.toMillis(), TimeUnit.MILLISECONDS)),
        request);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private WeaviateException failure(StatusRuntimeException e) {
    Optional<WeaviateException> untrusted =
        Tls.refusal(e, address, WeaviateConnection.GRPC_ADDRESS);
    if (untrusted.isPresent()) {
      return untrusted.get();
    }
    String text = description(e);
    Kind kind =
        switch (e.getStatus().getCode()) {
          case UNAVAILABLE -> RestClient.kind(text) == Kind.BUSY ? Kind.BUSY : Kind.UNREACHABLE;
          case CANCELLED, ABORTED -> Kind.UNREACHABLE;
          // A smaller page may be there in time.
          case DEADLINE_EXCEEDED -> Kind.SLOW;
          case RESOURCE_EXHAUSTED -> text.contains("exceeds maximum") ? Kind.TOO_LARGE : Kind.BUSY;
          case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
          default -> RestClient.kind(text);
        };
    return new WeaviateException(
        kind, "%s: %s %s".formatted(address, e.getStatus().getCode(), text), e, retryAfter(e));
  }

  /** The status's text, without the layers of the channel, and what lies behind it. */
  private static String description(StatusRuntimeException e) {
    String text = String.valueOf(e.getStatus().getDescription()).lines().findFirst().orElse("");
    return e.getCause() == null ? text : text + " (" + e.getCause().getMessage() + ")";
  }

  private static Duration retryAfter(StatusRuntimeException e) {
    String header = e.getTrailers() == null ? null : e.getTrailers().get(RETRY_AFTER);
    return header == null ? Duration.ZERO : HttpCalls.retryAfter(header);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
