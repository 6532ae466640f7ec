package io.vectorconnect.it;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Stands before a gRPC server of unary calls: sees their metadata, and may refuse them. */
final class GrpcGate implements AutoCloseable {
  private static final int ANY_SIZE = Integer.MAX_VALUE;

  private final ManagedChannel target;
  private final Server server;
  private final List<Metadata> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Metadata, Status> check = headers -> Status.OK;
  private volatile String retryAfter = "";

  GrpcGate(String target) throws IOException {
    this.target =
        NettyChannelBuilder.forTarget(target)
            .usePlaintext()
            .maxInboundMessageSize(ANY_SIZE)
            .build();
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(ANY_SIZE)
            .fallbackHandlerRegistry(
                new HandlerRegistry() {
                  @Override
                  public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
                    return ServerMethodDefinition.create(method(name), handler(name));
                  }
                })
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** The metadata of all calls, in order. */
  List<Metadata> calls() {
    return calls;
  }

  static String header(Metadata metadata, String name) {
    return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  /** Answers other than OK go to the client, in the server's place. */
  void check(Function<Metadata, Status> function) {
    check = function;
  }

  /** What refusals say of when to come again. */
  void retryAfter(String seconds) {
    retryAfter = seconds;
  }

  private ServerCallHandler<byte[], byte[]> handler(String name) {
    return (call, headers) -> {
      calls.add(headers);
      Status status = check.apply(headers);
      if (!status.isOk()) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER), retryAfter);
        call.close(status, trailers);
        return new ServerCall.Listener<>() {};
      }
      return ServerCalls.<byte[], byte[]>asyncUnaryCall(
              (request, answer) -> pass(name, headers, request, answer))
          .startCall(call, headers);
    };
  }

  private void pass(String name, Metadata came, byte[] request, StreamObserver<byte[]> answer) {
    Metadata headers = new Metadata();
    Metadata.Key<String> login = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    if (came.containsKey(login)) {
      headers.put(login, came.get(login));
    }
    try {
      answer.onNext(
          ClientCalls.blockingUnaryCall(
              ClientInterceptors.intercept(
                  target, MetadataUtils.newAttachHeadersInterceptor(headers)),
              method(name),
              CallOptions.DEFAULT,
              request));
      answer.onCompleted();
    } catch (StatusRuntimeException e) {
      answer.onError(e);
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    target.shutdownNow();
  }
}
