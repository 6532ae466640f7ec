package io.vectorconnect.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The source offsets: a partition for each file, in it the last row that was published. */
final class FileOffsets {
  private static final String FILE = "file";
  private static final String ROW = "row";

  private FileOffsets() {}

  static Map<String, String> partition(Path file) {
    return Map.of(FILE, file.toString());
  }

  static Map<String, Long> offset(long row) {
    return Map.of(ROW, row);
  }

  /** The row at which to go on. */
  static long next(OffsetStorageReader reader, Path file) {
    Map<String, Object> stored = reader.offset(partition(file));
    return stored != null && stored.get(ROW) instanceof Number row ? row.longValue() + 1 : 0;
  }

  /** What is wrong with an offset that a user wants to store, if anything. */
  static Optional<String> problem(Map<String, ?> partition, Map<String, ?> offset) {
    if (!(partition.get(FILE) instanceof String)) {
      return Optional.of("a source partition needs \"file\": the path of a file");
    }
    boolean isRow =
        offset == null // a reset
            || ((offset.get(ROW) instanceof Long || offset.get(ROW) instanceof Integer)
                && ((Number) offset.get(ROW)).longValue() >= 0);
    return isRow
        ? Optional.empty()
        : Optional.of("an offset needs \"row\": the number of the last row published, from 0");
  }
}
