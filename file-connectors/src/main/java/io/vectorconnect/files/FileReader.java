package io.vectorconnect.files;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.SpecialFloats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one file to its end, and again from there when it was changed. */
final class FileReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileReader.class);

  private final FileFormat format;
  private final Path file;
  private final String topic;
  private final Map<String, String> sourcePartition;
  private SnapshotMarker marker;
  private long nextRow;
  private RowFile open;

  /** What the file was when it was opened last; null before. */
  private FileSet.Stamp seen;

  FileReader(FileFormat format, Path file, long nextRow, SnapshotMarker marker) {
    this.format = format;
    this.file = file;
    this.topic = format.keys().topic(file);
    this.sourcePartition = FileOffsets.partition(file);
    this.nextRow = nextRow;
    this.marker = marker;
  }

  /** Whether there may be rows that were not read. */
  boolean isChanged(FileSet.Stamp now) {
    return !now.equals(seen);
  }

  /**
   * The next records, or none when the file is at its end.
   *
   * @throws UnavailableFile when the file cannot be read for now; then it may be asked again
   */
  List<SourceRecord> next() {
    try {
      return read();
    } catch (FileProblem e) {
      close();
      throw UnavailableFile.of(file, e);
    }
  }

  private List<SourceRecord> read() {
    if (open == null) {
      seen = FileSet.stamp(file);
      open = format.open(file);
      if (nextRow > open.rows()) {
        throw new FileProblem(
            FileSourceKeys.PATH,
            "File %s has %d rows, but %d of it are published already: it is another file now; give it another name, or reset the connector's offsets"
                .formatted(file, open.rows(), nextRow));
      }
      if (nextRow < open.rows()) {
        format.keys().duplicateIds().check(file, open);
      }
      log.info("Reading {} from row {} of {}", file, nextRow, open.rows());
    }
    if (nextRow >= open.rows()) {
      log.info("File {} is read to its end, {} rows", file, open.rows());
      marker = SnapshotMarker.FALSE;
      close();
      return List.of();
    }
    List<SourceRecord> records = new ArrayList<>();
    for (FileRow row : open.read(nextRow)) {
      records.add(record(row, nextRow++));
    }
    return records;
  }

  private SourceRecord record(FileRow row, long number) {
    try {
      format
          .keys()
          .specialFloats()
          .check(row.value(), () -> "File %s, row %d".formatted(file, number));
    } catch (DataException e) {
      throw new FileProblem(SpecialFloats.KEY, e.getMessage(), e);
    }
    ConnectHeaders headers = new ConnectHeaders();
    marker.addTo(headers);
    return new SourceRecord(
        sourcePartition,
        FileOffsets.offset(format.keys().topics(), file, number),
        topic,
        null,
        row.key().schema(),
        row.key(),
        row.value().schema(),
        row.value(),
        null,
        headers);
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
