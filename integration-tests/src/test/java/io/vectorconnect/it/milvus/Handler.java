package io.vectorconnect.it.milvus;

import com.google.protobuf.Message;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;

/** Answers one kind of request. */
@FunctionalInterface
interface Handler<Q extends Message, A extends Message> {
  /**
   * The answer.
   *
   * @param server the server behind the proxy, with the client's login
   */
  A answer(Q request, MilvusServiceBlockingStub server);
}
