package io.vectorconnect.it.milvus;

/** A version of Milvus, and how its answers differ from those of 2.3.5. */
public enum MilvusVersion {
  V2_4("2.4.23"),
  V2_5("2.5.10"),
  V2_5_18("2.5.18"),
  V2_6("2.6.18"),
  V3_0("3.0.2");

  private final String text;

  MilvusVersion(String text) {
    this.text = text;
  }

  /** As GetVersion and Connect report it. */
  public String text() {
    return text;
  }

  /** A page with {@code iterator} and a guarantee timestamp is read as of that timestamp. */
  boolean readsAsOf() {
    return isAtLeast(V2_5);
  }

  /** Without {@code iterator}, {@code reduce_stop_for_best} has no effect. */
  boolean needsIterator() {
    return isAtLeast(V2_5);
  }

  /** Vectors have at least two dimensions. */
  boolean refusesDimensionOne() {
    return isAtLeast(V2_5);
  }

  /** Describing a missing collection gives the deprecated error code alone. */
  boolean reportsMissingByOldCode() {
    return isAtLeast(V2_5_18);
  }

  /** Words of the filter language cannot name fields. */
  boolean reservesNames() {
    return isAtLeast(V2_6);
  }

  /** After AlterAlias, the aliases in a description are those before it. */
  boolean describesStaleAliases() {
    return isAtLeast(V2_6);
  }

  /** By how many milliseconds AllocTimestamp is ahead of the times of writes. */
  long clockAhead() {
    return isAtLeast(V2_6) ? 51 : 0;
  }

  private boolean isAtLeast(MilvusVersion version) {
    return compareTo(version) >= 0;
  }
}
