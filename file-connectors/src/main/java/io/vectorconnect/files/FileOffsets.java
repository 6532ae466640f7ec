package io.vectorconnect.files;

import io.vectorconnect.source.SourcePartition;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The source offsets: a partition for each file, and in its offset the last row that was published.
 *
 * <p>An offset also contains the topic where that is not simply the name of the file. Earlier
 * releases had another rule for such names, so rows before and after an update would go into two
 * topics.
 */
final class FileOffsets {
  private static final String FILE = "file";
  private static final String ROW = "row";
  private static final String TOPIC = "topic";

  private FileOffsets() {}

  static Map<String, String> partition(Path file) {
    return SourcePartition.of(FILE, file.toString()).toMap();
  }

  static Map<String, Object> offset(FileTopics topics, Path file, long row) {
    return topics.isEncoded(file) ? Map.of(ROW, row, TOPIC, topics.of(file)) : Map.of(ROW, row);
  }

  /**
   * The row at which to go on.
   *
   * @throws FileProblem when the rows before it are in another topic
   */
  static long next(OffsetStorageReader reader, FileTopics topics, Path file) {
    Map<String, Object> stored = reader.offset(partition(file));
    if (stored == null || !(stored.get(ROW) instanceof Number row)) {
      return 0;
    }
    Object topic = stored.getOrDefault(TOPIC, topics.before(file));
    if (topics.isEncoded(file) && !topic.equals(topics.of(file))) {
      throw new FileProblem(
          FileSourceKeys.TOPIC,
          "File %s: %d rows of it are in topic %s, but its topic is now %s; reset the connector's offsets to publish the file again, or set %s"
              .formatted(file, row.longValue() + 1, topic, topics.of(file), FileSourceKeys.TOPIC));
    }
    return row.longValue() + 1;
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
