package io.vectorconnect.files;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.connect.source.SourceRecord;

/** Reads the files of a task one after another, so that one is open at a time. */
final class FilesReader implements RecordReader {
  private final FileFormat format;
  private final TaskFiles files;
  private final ToLongFunction<Path> nextRow;
  private final Map<Path, FileReader> readers = new HashMap<>();
  private final Deque<FileReader> waiting = new ArrayDeque<>();
  private SnapshotMarker marker = SnapshotMarker.TRUE;
  private boolean hasLooked;
  private long nextLook = System.nanoTime();

  /**
   * A reader of files.
   *
   * @param nextRow where the stored offsets say that a file goes on
   */
  FilesReader(FileFormat format, TaskFiles files, ToLongFunction<Path> nextRow) {
    this.format = format;
    this.files = files;
    this.nextRow = nextRow;
  }

  private boolean follows() {
    return format.keys().follow();
  }

  @Override
  public boolean isDone() {
    return hasLooked && waiting.isEmpty() && !follows();
  }

  @Override
  public long idleNanos() {
    return waiting.isEmpty() ? Math.max(0, nextLook - System.nanoTime()) : 0;
  }

  @Override
  public List<SourceRecord> next() {
    if (waiting.isEmpty()) {
      look();
    }
    while (!waiting.isEmpty()) {
      List<SourceRecord> records = waiting.peek().next();
      if (!records.isEmpty()) {
        return records;
      }
      waiting.remove();
    }
    return List.of();
  }

  /** Looks for files that have rows to read. */
  private void look() {
    long now = System.nanoTime();
    for (Path file : files.list()) {
      FileSet.Stamp stamp = FileSet.stamp(file);
      FileReader reader = readers.computeIfAbsent(file, this::reader);
      boolean settled = !follows() || stamp.isOlderThan(format.keys().pollInterval());
      if (settled && reader.isChanged(stamp)) {
        waiting.add(reader);
      }
    }
    hasLooked = true;
    marker = SnapshotMarker.FALSE; // files that come from now on are no part of the snapshot
    nextLook = now + format.keys().pollInterval().toNanos();
  }

  private FileReader reader(Path file) {
    return new FileReader(format, file, nextRow.applyAsLong(file), marker);
  }

  @Override
  public void close() {
    waiting.clear();
    readers.values().forEach(FileReader::close);
  }
}
