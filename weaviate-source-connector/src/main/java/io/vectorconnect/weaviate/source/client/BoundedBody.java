package io.vectorconnect.weaviate.source.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Collects the body of an answer, and closes the connection when the body exceeds a limit. */
final class BoundedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
  private final int limit;
  private Flow.Subscription subscription;
  private long received;

  /** The body exceeds the limit. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(int limit) {
      super("the answer is longer than %,d bytes".formatted(limit));
    }
  }

  private BoundedBody(int limit) {
    this.limit = limit;
  }

  /**
   * Collects bodies.
   *
   * @param limit the largest body, in bytes
   */
  static BodyHandler<byte[]> handler(int limit) {
    return head -> new BoundedBody(limit);
  }

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription = to;
    body.onSubscribe(to);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (received > limit) {
      return; // sent before the cancellation
    }
    received += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    if (received > limit) {
      subscription.cancel();
      body.onError(new TooLongException(limit));
    } else {
      body.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable cause) {
    body.onError(cause);
  }

  @Override
  public void onComplete() {
    body.onComplete();
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body.getBody();
  }
}
