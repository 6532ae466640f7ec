package io.vectorconnect.it.milvus;

import com.google.protobuf.Message;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Channel;
import io.milvus.shaded.io.grpc.ClientInterceptors;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerServiceDefinition;
import io.milvus.shaded.io.grpc.ServiceDescriptor;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import io.milvus.shaded.io.grpc.stub.ServerCalls;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/** Milvus's service on a port of its own; each answer is one that a function gives. */
final class Relay implements AutoCloseable {
  private static final int ANY_SIZE = Integer.MAX_VALUE;

  /** What gRPC itself adds to a request. */
  private static final Set<String> OF_GRPC =
      Set.of("content-type", "user-agent", "te", "grpc-accept-encoding", "grpc-timeout");

  private final ManagedChannel target;
  private final Server server;

  /** Answers a request. */
  @FunctionalInterface
  interface Answers {
    /**
     * The answer.
     *
     * @param prototype an empty answer
     */
    Message answer(Message request, Message prototype, Call call);
  }

  /**
   * A request's way to the server.
   *
   * @param channel with the client's headers
   */
  record Call(Channel channel, MethodDescriptor<Message, Message> method) {
    Message pass(Message request) {
      return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
    }
  }

  Relay(String uri, Answers answers) {
    target =
        NettyChannelBuilder.forTarget(uri.replaceFirst("^http://", ""))
            .usePlaintext()
            .maxInboundMessageSize(ANY_SIZE)
            .build();
    ServiceDescriptor service = MilvusServiceGrpc.getServiceDescriptor();
    ServerServiceDefinition.Builder methods = ServerServiceDefinition.builder(service.getName());
    for (MethodDescriptor<?, ?> method : service.getMethods()) {
      if (method.getType() == MethodDescriptor.MethodType.UNARY) {
        add(methods, method, answers);
      }
    }
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .maxInboundMessageSize(ANY_SIZE)
              .addService(methods.build())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  @SuppressWarnings("unchecked") // all messages of the service are Messages
  private void add(
      ServerServiceDefinition.Builder methods, MethodDescriptor<?, ?> any, Answers answers) {
    MethodDescriptor<Message, Message> method = (MethodDescriptor<Message, Message>) any;
    Message prototype =
        ((PrototypeMarshaller<Message>) method.getResponseMarshaller()).getMessagePrototype();
    methods.addMethod(
        method,
        (call, headers) -> {
          Channel channel =
              ClientInterceptors.intercept(
                  target, MetadataUtils.newAttachHeadersInterceptor(passed(headers)));
          Call way = new Call(channel, method);
          return ServerCalls.<Message, Message>asyncUnaryCall(
                  (request, observer) ->
                      send(observer, () -> answers.answer(request, prototype, way)))
              .startCall(call, headers);
        });
  }

  /** The work of one answer. */
  @FunctionalInterface
  private interface Work {
    Message run();
  }

  private static void send(StreamObserver<Message> observer, Work work) {
    Message answer;
    try {
      answer = work.run();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    } catch (RuntimeException e) {
      observer.onError(
          Status.UNKNOWN.withDescription("version proxy: " + e).withCause(e).asException());
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  private static Metadata passed(Metadata headers) {
    Metadata passed = new Metadata();
    passed.merge(headers);
    for (String name : List.copyOf(headers.keys())) {
      if (OF_GRPC.contains(name)) {
        passed.discardAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      }
    }
    return passed;
  }

  @Override
  public void close() {
    server.shutdownNow();
    target.shutdownNow();
  }
}
