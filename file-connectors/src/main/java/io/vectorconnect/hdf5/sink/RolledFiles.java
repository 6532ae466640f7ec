package io.vectorconnect.hdf5.sink;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a folder, named TOPIC-PARTITION-FIRST-LAST.h5 by the offsets in them. One that is
 * being written has a dot before its name, so that nobody takes it for a finished one.
 */
final class RolledFiles {
  private static final Logger log = LoggerFactory.getLogger(RolledFiles.class);

  /** A file that nobody finished in that time is left from a task that was killed. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path folder;

  RolledFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * The last finished file of a partition.
   *
   * @param last the offset of the last record that it covers
   */
  record Last(Path file, long last) {}

  /** The last finished file of a partition. */
  Optional<Last> last(TopicPartition partition) {
    Pattern name =
        Pattern.compile(
            Pattern.quote(partition.topic() + "-" + partition.partition())
                + "-(\\d{20})-(\\d{20})\\.h5");
    Last found = null;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Matcher match = name.matcher(entry.getFileName().toString());
        if (match.matches()) {
          long last = Long.parseLong(match.group(2));
          found = found == null || last > found.last() ? new Last(entry, last) : found;
        }
      }
    } catch (IOException e) {
      throw new ConnectException("Cannot list folder " + folder + ": " + e, e);
    }
    return Optional.ofNullable(found);
  }

  /**
   * Writes a file, and gives it its name when it is whole and on disk.
   *
   * @return false when another task has written some of these records meanwhile; then there is no
   *     file
   * @throws ConnectException when that fails; what was there before is untouched
   */
  boolean write(TopicPartition partition, RowBuffer rows) {
    String name =
        "%s-%d-%020d-%020d.h5"
            .formatted(partition.topic(), partition.partition(), rows.first(), rows.last());
    // Another owner of the partition may be writing the same records.
    Path temporary = folder.resolve(".%s.%s.part".formatted(name, UUID.randomUUID()));
    Path target = folder.resolve(name);
    try {
      try (WritableHdfFile file = HdfFile.write(temporary)) {
        rows.writeTo(file);
      }
      force(temporary, StandardOpenOption.WRITE);
      boolean written =
          FolderLock.holding(folder, () -> publish(partition, rows, temporary, target));
      if (written) {
        log.info("Wrote {} with {} rows", target, rows.rows());
      }
      return written;
    } catch (IOException | RuntimeException e) {
      deleteQuietly(temporary);
      throw new ConnectException("Cannot write file " + target + ": " + e.getMessage(), e);
    }
  }

  private boolean publish(TopicPartition partition, RowBuffer rows, Path temporary, Path target)
      throws IOException {
    Optional<Last> other = last(partition).filter(file -> file.last() >= rows.first());
    if (other.isPresent()) {
      log.warn(
          "{}: another task has written the records up to offset {}; the {} rows from offset {} on that were waiting here are not written again",
          partition,
          other.get().last(),
          rows.rows(),
          rows.first());
      Files.delete(temporary);
      return false;
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    force(folder, StandardOpenOption.READ);
    return true;
  }

  /** Deletes what killed tasks have left unfinished. */
  void deleteAbandoned() {
    Instant before = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ".*.h5*.part")) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry).toInstant().isBefore(before)) {
          deleteQuietly(entry);
        }
      }
    } catch (IOException e) {
      log.warn("Cannot look for unfinished files in {}: {}", folder, e.toString());
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("Cannot delete {}: {}", file, e.toString());
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
