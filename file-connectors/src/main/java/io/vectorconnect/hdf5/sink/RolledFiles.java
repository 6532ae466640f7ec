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
import java.util.OptionalLong;
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

  private final Path folder;

  RolledFiles(Path folder) {
    this.folder = folder;
  }

  /** The offset behind the last finished file of a partition. */
  OptionalLong next(TopicPartition partition) {
    Pattern name =
        Pattern.compile(
            Pattern.quote(partition.topic() + "-" + partition.partition())
                + "-(\\d{20})-(\\d{20})\\.h5");
    OptionalLong next = OptionalLong.empty();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Matcher match = name.matcher(entry.getFileName().toString());
        if (match.matches()) {
          long behind = Long.parseLong(match.group(2)) + 1;
          next = OptionalLong.of(Math.max(behind, next.orElse(0)));
        }
      }
    } catch (IOException e) {
      throw new ConnectException("Cannot list folder " + folder + ": " + e, e);
    }
    return next;
  }

  /**
   * Writes a file, and gives it its name when it is whole and on disk.
   *
   * @throws ConnectException when that fails; what was there before is untouched
   */
  void write(TopicPartition partition, RowBuffer rows) {
    String name =
        "%s-%d-%020d-%020d.h5"
            .formatted(partition.topic(), partition.partition(), rows.first(), rows.last());
    Path temporary = folder.resolve("." + name + ".part");
    Path target = folder.resolve(name);
    try {
      Files.deleteIfExists(temporary); // jHDF would write over its beginning
      try (WritableHdfFile file = HdfFile.write(temporary)) {
        rows.writeTo(file);
      }
      force(temporary, StandardOpenOption.WRITE);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      force(folder, StandardOpenOption.READ);
    } catch (IOException | RuntimeException e) {
      throw new ConnectException("Cannot write file " + target + ": " + e.getMessage(), e);
    }
    log.info("Wrote {} with {} rows", target, rows.rows());
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
