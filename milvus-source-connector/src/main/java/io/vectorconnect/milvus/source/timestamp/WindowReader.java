package io.vectorconnect.milvus.source.timestamp;

import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.milvus.Filter;
import io.vectorconnect.milvus.ReadBarrier;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.milvus.source.scan.PageReader;
import io.vectorconnect.milvus.source.scan.Partitions;
import io.vectorconnect.milvus.source.scan.RangeReader;
import io.vectorconnect.milvus.source.scan.RowRecords;
import io.vectorconnect.milvus.source.timestamp.TimestampLooks.Look;
import io.vectorconnect.source.RecordReader;
import io.vectorconnect.source.range.RangeOffsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads what has changed in one range of keys, when its scan is done, by windows of time: from the
 * end of the one before, less the overlap, to the greatest timestamp. Milvus orders rows by nothing
 * but their keys; so a window is read whole in that order, and rows of one time cannot be parted.
 */
public final class WindowReader implements RecordReader {
  private final PageReader pages;
  private final RowRecords records;
  private final RangeOffsets offsets;
  private final RangeReader scan;
  private final TimestampField field;
  private final TimestampLooks looks;
  private final RecentRows recent;

  private TimestampPosition position;
  private boolean isOpen;
  private int look;
  private ReadBarrier barrier;

  /**
   * A reader.
   *
   * @param position where the range stands
   * @param scan of the range, which has to end first
   * @param recent rows that are published
   */
  public WindowReader(
      PageReader pages,
      RowRecords records,
      RangeOffsets offsets,
      RangeReader scan,
      TimestampField field,
      TimestampLooks looks,
      TimestampPosition position,
      RecentRows recent) {
    this.pages = pages;
    this.records = records;
    this.offsets = offsets;
    this.scan = scan;
    this.field = field;
    this.looks = looks;
    this.position = position;
    this.recent = recent;
    this.isOpen = position.isScanned(); // what was begun is read to its end
    this.barrier = looks.current().barrier();
  }

  @Override
  public boolean isDone() {
    return false;
  }

  @Override
  public long idleNanos() {
    if (!scan.isDone()) {
      return Long.MAX_VALUE;
    }
    return isOpen ? 0 : looks.idleNanos(look);
  }

  @Override
  public List<SourceRecord> next() {
    if (!isOpen) {
      Look now = looks.after(look);
      look = now.number();
      barrier = now.barrier();
      position = position.window(field.latest(position.to()), now.to());
      recent.keepFrom(field.latest(now.to()));
      isOpen = true;
    }
    List<MappedRow> page = pages.filter(position.last()).map(this::page).orElse(List.of());
    if (page.isEmpty()) {
      isOpen = false;
      recent.forget();
    }
    List<SourceRecord> changed = new ArrayList<>(page.size());
    for (MappedRow row : page) {
      pages.checkAscending(position.last(), row.key());
      position = position.at(row.key());
      if (recent.isNew(row)) {
        changed.add(
            records.record(
                row,
                SnapshotMarker.FALSE,
                Partitions.ANY,
                offsets.offset(scan.position(position.toOffset()))));
      }
    }
    return changed;
  }

  private List<MappedRow> page(String keys) {
    String filter = Filter.and(keys, field.between(position.from(), position.to()));
    return pages.page(Partitions.ANY, filter, barrier);
  }
}
