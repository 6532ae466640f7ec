package io.vectorconnect.metadata;

import io.vectorconnect.files.FileProblem;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** The fields of rows by their ids, read in the order of the file. */
public final class MetadataJoin implements AutoCloseable {
  private final Metadata metadata;
  private final Metadata.Rows rows;
  private final boolean failing;
  private final Object[] nulls;

  /** A join with a scanned file. */
  public MetadataJoin(Metadata metadata, MetadataKeys keys) {
    this.metadata = metadata;
    this.failing = keys.isMissingAnError();
    this.nulls = new Object[metadata.fields().size()];
    try {
      this.rows = metadata.open();
    } catch (IOException e) {
      throw problem(e.toString(), e);
    }
  }

  /** The fields' schemas by name. */
  public Map<String, Schema> fields() {
    return metadata.fields();
  }

  /** About how many bytes the fields of a row have. */
  public long rowBytes() {
    return metadata.rowBytes();
  }

  /** The first of the ids that may not be without metadata and is, by its place in the array. */
  public OptionalInt missing(long[] ids) {
    for (int i = 0; failing && i < ids.length; i++) {
      if (metadata.position(ids[i]) < 0) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The fields of each id, nulls for one that is not there.
   *
   * @throws FileProblem when the file was changed or cannot be read
   */
  public Object[][] read(long[] ids) {
    if (!metadata.isCurrent()) {
      throw problem("it was changed while it was read; restart the task", null);
    }
    long[] positions = Arrays.stream(ids).map(metadata::position).toArray();
    long[] ordered = Arrays.stream(positions).filter(p -> p >= 0).sorted().distinct().toArray();
    Object[][] values = new Object[ordered.length][];
    for (int i = 0; i < ordered.length; i++) {
      try {
        values[i] = rows.read(ordered[i]);
      } catch (IOException | DataException e) {
        throw problem("place %d: %s".formatted(ordered[i], JsonScan.reason(e)), e);
      }
    }
    Object[][] byId = new Object[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      byId[i] = positions[i] < 0 ? nulls : values[Arrays.binarySearch(ordered, positions[i])];
    }
    return byId;
  }

  private FileProblem problem(String what, Throwable cause) {
    return new FileProblem(
        MetadataKeys.FILE, "File %s: %s".formatted(metadata.path(), what), cause);
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
