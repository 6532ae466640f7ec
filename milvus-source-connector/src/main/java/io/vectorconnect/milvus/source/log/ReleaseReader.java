package io.vectorconnect.milvus.source.log;

import io.milvus.grpc.IDs;
import io.vectorconnect.milvus.source.log.LogBuffer.Release;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import io.vectorconnect.milvus.source.record.RecordMapper;
import io.vectorconnect.milvus.source.scan.Partitions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import milvus.proto.msg.Msg;
import org.apache.kafka.connect.source.SourceRecord;

/** Goes through the rows that one time tick releases. */
final class ReleaseReader {
  private final ChangeMapper mapper;
  private final LogChannel channel;
  private final Release release;

  private int message;
  private Rows rows;
  private int row;

  /** Rows gone through in all messages, as a position counts them. */
  private int count;

  ReleaseReader(ChangeMapper mapper, LogChannel channel, Release release) {
    this.mapper = mapper;
    this.channel = channel;
    this.release = release;
  }

  /** One message's rows. */
  private interface Rows {
    int count();

    String partition();

    String key(int row);

    /**
     * The record of a row, or null when it has none.
     *
     * @param offset moves the range on; asked when nothing can fail any more
     */
    SourceRecord record(ChangeRange range, int row, Supplier<Map<String, String>> offset);
  }

  /** The keys that are inserted at the time of a delete: together they are an upsert. */
  private Set<String> insertedAt(long timestamp) {
    Set<String> keys = new HashSet<>();
    for (LogMessage inserting : release.messages()) {
      if (inserting.timestamp() == timestamp && inserting.kind() == Kind.INSERT) {
        RecordMapper.Columns columns = mapper.columns(inserting, inserting.insert());
        for (int i = 0; i < columns.rows(); i++) {
          keys.add(columns.key(i));
        }
      }
    }
    return keys;
  }

  LogChannel channel() {
    return channel;
  }

  /** The position when all is published. */
  LogPosition end() {
    return release.next();
  }

  boolean isEmpty() {
    return message == release.messages().size();
  }

  /**
   * Adds records of the next message: at most {@code maximum}, and possibly none. After a failure,
   * what was added stays, and the next call goes on where this one failed.
   *
   * @return about how many bytes they have
   */
  int next(int maximum, List<SourceRecord> records) {
    LogMessage current = release.messages().get(message);
    if (rows == null && isPublished(current)) {
      count += current.rowCount();
      message++;
      return 0;
    }
    if (rows == null) {
      rows = rows(current);
      row = 0;
    }
    int before = records.size();
    while (row < rows.count() && records.size() - before < maximum) {
      add(records);
    }
    int bytes =
        (int) ((long) current.size() * (records.size() - before) / Math.max(1, rows.count()));
    if (row == rows.count()) {
      rows = null;
      message++;
    }
    return bytes;
  }

  /**
   * Whether no range of this task needs a message. It may be older than the schema of the
   * collection, so its columns are not looked at.
   */
  private boolean isPublished(LogMessage current) {
    if (!current.isRows() || !mapper.isPublished(channel, release.tick(), count)) {
      return false; // the usual case, which needs no look into the message
    }
    int rowCount = current.rowCount();
    return rowCount > 0 && mapper.isPublished(channel, release.tick(), count + rowCount - 1);
  }

  private void add(List<SourceRecord> records) {
    ChangeRange range = mapper.range(rows.key(row));
    if (range != null
        && !range.position(channel).covers(release.tick(), count)
        && mapper.contains(rows.partition())) {
      LogPosition reached = new LogPosition(release.from(), release.tick(), count + 1);
      SourceRecord record =
          rows.record(
              range,
              row,
              () -> {
                range.reached(channel, reached);
                return mapper.offset(range);
              });
      if (record != null) {
        records.add(record);
      }
    }
    row++;
    count++;
  }

  private Rows rows(LogMessage current) {
    return switch (current.kind()) {
      case INSERT -> inserted(current);
      case DELETE -> deleted(current);
      default -> {
        mapper.handle(current);
        yield none();
      }
    };
  }

  private static Rows none() {
    return new Rows() {
      @Override
      public int count() {
        return 0;
      }

      @Override
      public String partition() {
        return Partitions.ANY;
      }

      @Override
      public String key(int row) {
        throw new IndexOutOfBoundsException(row);
      }

      @Override
      public SourceRecord record(ChangeRange range, int row, Supplier<Map<String, String>> offset) {
        throw new IndexOutOfBoundsException(row);
      }
    };
  }

  private Rows inserted(LogMessage current) {
    Msg.InsertRequest insert = current.insert();
    RecordMapper.Columns columns = mapper.columns(current, insert);
    return new Rows() {
      @Override
      public int count() {
        return columns.rows();
      }

      @Override
      public String partition() {
        return insert.getPartitionName();
      }

      @Override
      public String key(int row) {
        return columns.key(row);
      }

      @Override
      public SourceRecord record(ChangeRange range, int row, Supplier<Map<String, String>> offset) {
        RecordMapper.MappedRow mapped = columns.row(row);
        return mapper.upsert(range, mapped, partition(), offset.get());
      }
    };
  }

  private Rows deleted(LogMessage current) {
    Msg.DeleteRequest delete = current.delete();
    IDs ids = delete.getPrimaryKeys();
    boolean numbers = ids.hasIntId();
    Set<String> again = insertedAt(current.timestamp());
    return new Rows() {
      @Override
      public int count() {
        return numbers ? ids.getIntId().getDataCount() : ids.getStrId().getDataCount();
      }

      @Override
      public String partition() {
        return delete.getPartitionName();
      }

      @Override
      public String key(int row) {
        return numbers ? Long.toString(ids.getIntId().getData(row)) : ids.getStrId().getData(row);
      }

      @Override
      public SourceRecord record(ChangeRange range, int row, Supplier<Map<String, String>> offset) {
        Object key = numbers ? (Object) ids.getIntId().getData(row) : ids.getStrId().getData(row);
        return again.contains(key(row))
            ? null
            : mapper.tombstone(range, key, partition(), offset.get());
      }
    };
  }
}
