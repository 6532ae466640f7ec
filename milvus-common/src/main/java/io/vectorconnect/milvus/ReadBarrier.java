package io.vectorconnect.milvus;

import java.time.Duration;

/**
 * A moment that reads of a collection have behind them: they see every row that was acknowledged
 * before it, unless it was deleted since.
 *
 * <p>The first read waits until every shard has reached the moment, which costs a clock tick. No
 * shard goes back, so the reads after it take the newest state at hand and wait for nothing. Other
 * replicas may still be behind then, by 5 seconds unless the server is configured otherwise ({@code
 * common.gracefulTime}). Where there are several, reads are strong for twice that time.
 */
public final class ReadBarrier {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final MilvusClient client;
  private final Collection collection;
  private boolean isReached;
  private long strongUntil;

  /** A moment that lies at the first use of {@link #freshness}, or later. */
  public ReadBarrier(MilvusClient client, Collection collection) {
    this.client = client;
    this.collection = collection;
  }

  /**
   * For a read behind the barrier. The first call waits for the barrier.
   *
   * @throws MilvusException when the server does not answer; the next call tries again
   */
  public Freshness freshness() {
    if (!isReached) {
      String key = collection.key().getName();
      client.reachPresent(collection.name(), collection.keyType().any(key), key);
      strongUntil = System.nanoTime() + (client.hasOneReplica(collection) ? 0 : GRACE.toNanos());
      isReached = true;
    }
    return System.nanoTime() - strongUntil < 0 ? Freshness.STRONG : Freshness.BOUNDED;
  }
}
