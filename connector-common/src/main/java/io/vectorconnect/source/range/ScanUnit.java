package io.vectorconnect.source.range;

import io.vectorconnect.source.SourcePartition;

/**
 * What is scanned with one range plan: a collection, a table or a tenant.
 *
 * @param name its name, unique within the connector
 * @param partition names it in a source partition; each range adds {@link RangeOffsets#RANGE}
 * @param maxRanges the largest number of ranges that a plan of it can have
 */
public record ScanUnit(String name, SourcePartition partition, int maxRanges) {
  /** A unit with as many ranges as any plan can have. */
  public ScanUnit(String name, SourcePartition partition) {
    this(name, partition, RangePlan.MAX_RANGES);
  }

  /** The source partition of a range. */
  SourcePartition partition(int range) {
    return partition.with(RangeOffsets.RANGE, Integer.toString(range));
  }
}
