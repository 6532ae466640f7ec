package io.vectorconnect.milvus;

import io.milvus.grpc.ConsistencyLevel;

/**
 * How new the state is that a read returns.
 *
 * @param level Milvus's consistency level
 * @param timestamp of the server's clock, which the state must have reached; 0 for none
 */
public record Freshness(ConsistencyLevel level, long timestamp) {
  /**
   * The newest state that every shard has at hand. It is no older than {@code common.gracefulTime}
   * of the server, 5 seconds by default, and mostly a fraction of a second old.
   */
  public static final Freshness BOUNDED = new Freshness(ConsistencyLevel.Bounded, 0);

  /**
   * Everything that was acknowledged before the read. Each shard waits for its next clock tick: 200
   * to 400 ms.
   */
  public static final Freshness STRONG = new Freshness(ConsistencyLevel.Strong, 0);

  /**
   * Everything that was acknowledged before a time.
   *
   * @param guarantee of {@link MilvusClient#guaranteeNow}, or {@link MilvusClient#STRONG}
   */
  public static Freshness since(long guarantee) {
    return guarantee == MilvusClient.STRONG
        ? STRONG
        : new Freshness(ConsistencyLevel.Customized, guarantee);
  }
}
