package io.vectorconnect.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;

/**
 * What was learnt in one pass over a file: its fields with their types, and where each id stands.
 */
public abstract class Metadata {
  private final Path path;
  private final Stamp stamp;
  private final IdIndex index;

  /** What tells that a file was changed. */
  record Stamp(long size, long modifiedMillis) {
    static Stamp of(Path path) throws IOException {
      return new Stamp(Files.size(path), Files.getLastModifiedTime(path).toMillis());
    }
  }

  /** Reads rows of an unchanged file; used by one thread. */
  public interface Rows extends AutoCloseable {
    /** The fields of the row at a position, in the order of {@link Metadata#fields}. */
    Object[] read(long position) throws IOException;

    @Override
    void close() throws IOException;
  }

  Metadata(Path path, Stamp stamp, IdIndex index) {
    this.path = path;
    this.stamp = stamp;
    this.index = index;
  }

  /**
   * Reads a file once: its ids, and the types of its fields.
   *
   * @throws io.vectorconnect.files.FileProblem when it is damaged, has an id twice, more rows than
   *     configured, or values that no field holds
   */
  public static Metadata scan(Path path, MetadataKeys keys) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".h5") || name.endsWith(".hdf5")
        ? Hdf5Metadata.of(path, keys)
        : JsonMetadata.of(path, keys);
  }

  /** The fields, without the id; all of them may be null. */
  public abstract Map<String, Schema> fields();

  /** About how many bytes a row of the file has. */
  public abstract long rowBytes();

  /** Opens the file again. */
  abstract Rows open() throws IOException;

  /** Whether the file is still the one that was scanned. */
  public boolean isCurrent() {
    try {
      return stamp.equals(Stamp.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** How many ids there are. */
  public long size() {
    return index.size();
  }

  long position(long id) {
    return index.position(id);
  }
}
