package io.vectorconnect.benchmarks;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.vectorconnect.localstack.WeaviateServer;
import io.vectorconnect.weaviate.proto.MetadataRequest;
import io.vectorconnect.weaviate.proto.PropertiesRequest;
import io.vectorconnect.weaviate.proto.SearchReply;
import io.vectorconnect.weaviate.proto.SearchRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A bare loop over Weaviate's cursor, with the messages that the source uses. */
final class WeaviateCursor implements AutoCloseable {
  private static final MethodDescriptor<SearchRequest, SearchReply> SEARCH =
      MethodDescriptor.<SearchRequest, SearchReply>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("weaviate.v1.Weaviate/Search")
          .setRequestMarshaller(new Marshaller<>(SearchRequest.parser()))
          .setResponseMarshaller(new Marshaller<>(SearchReply.parser()))
          .build();

  private final ManagedChannel channel;
  private final Channel authorised;

  WeaviateCursor(WeaviateServer server) {
    channel =
        NettyChannelBuilder.forTarget(server.grpcAddress())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + server.apiKey());
    authorised =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Asks for all objects with all that they have, and counts them. */
  int count(String collection, int pageRows) {
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setCollection(collection)
            .setUses127Api(true)
            .setLimit(pageRows)
            .setProperties(
                PropertiesRequest.newBuilder()
                    .addAllNonRefProperties(List.of("number", "label", "year")))
            .setMetadata(
                MetadataRequest.newBuilder()
                    .setUuid(true)
                    .setVector(true)
                    .setCreationTimeUnix(true)
                    .setLastUpdateTimeUnix(true));
    int count = 0;
    while (true) {
      SearchReply reply =
          ClientCalls.blockingUnaryCall(authorised, SEARCH, CallOptions.DEFAULT, request.build());
      int found = reply.getResultsCount();
      if (found == 0) {
        return count;
      }
      count += found;
      request.setAfter(reply.getResults(found - 1).getMetadata().getId());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Weaviate sends a vector twice; the boxed one is passed over here too. */
  private record Marshaller<T extends Message>(Parser<T> parser)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T message) {
      return new ByteArrayInputStream(message.toByteArray());
    }

    @Override
    public T parse(InputStream stream) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(stream, 1 << 16);
        in.setSizeLimit(Integer.MAX_VALUE);
        return DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
      } catch (IOException e) {
        throw Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }
}
