package io.vectorconnect.milvus.source.timestamp;

import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Freshness;
import io.vectorconnect.milvus.KeyType;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.scan.RangeReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the time of a collection is, look by look; the ranges of a task share the looks.
 *
 * <p>A look first finds a timestamp that some row has, and then sets a barrier. A read behind the
 * barrier sees every row up to the timestamp, except rows that are written later; and those are no
 * further behind it than the field's overlap.
 */
public final class TimestampLooks {
  private final MilvusClient client;
  private final Collection collection;
  private final TimestampField field;
  private final Duration interval;
  private Look current;
  private long next;

  /**
   * One look.
   *
   * @param number 1 is the first
   * @param to the greatest timestamp that it saw; the least number where there was no row
   * @param barrier after that
   */
  public record Look(int number, long to, ReadBarrier barrier) {}

  /** Takes the first look. */
  public TimestampLooks(
      MilvusClient client, Collection collection, TimestampField field, Duration interval) {
    this.client = client;
    this.collection = collection;
    this.field = field;
    this.interval = interval;
    current = look(1, Long.MIN_VALUE);
    next = System.nanoTime() + interval.toNanos();
  }

  public Look current() {
    return current;
  }

  /** How long until there is a look after one, in nanoseconds. */
  long idleNanos(int number) {
    return number == current.number ? Math.max(0, next - System.nanoTime()) : 0;
  }

  /** A look after one; a new one when that was the last. */
  Look after(int number) {
    if (number == current.number) {
      RangeReader.checkIdentity(client, collection);
      current = look(number + 1, current.to);
      next = System.nanoTime() + interval.toNanos();
    }
    return current;
  }

  private Look look(int number, long least) {
    return new Look(number, greatest(least), new ReadBarrier(client, collection));
  }

  /** The greatest timestamp, or {@code least} when none is greater, found by counting. */
  private long greatest(long least) {
    if (!isAnyAbove(least)) {
      return least;
    }
    long low = least < 0 && isAnyAbove(0) ? 0 : least;
    long step = 1;
    long high = plus(low, step);
    while (isAnyAbove(high)) {
      low = high;
      step = plus(step, step);
      high = plus(low, step);
    }
    while (high - low != 1) { // some are above low, none above high
      long middle = (low & high) + ((low ^ high) >> 1); // the mean, without overflow
      if (isAnyAbove(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Of a positive step: the largest number where the sum is larger. */
  private static long plus(long value, long step) {
    return value > Long.MAX_VALUE - step ? Long.MAX_VALUE : value + step;
  }

  private boolean isAnyAbove(long time) {
    Optional<String> filter = KeyType.INT64.above(field.name(), Long.toString(time));
    return filter.isPresent()
        && client.count(collection.name(), List.of(), filter.get(), Freshness.BOUNDED) > 0;
  }
}
