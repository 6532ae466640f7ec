package io.vectorconnect.milvus.source;

import io.milvus.grpc.IDs;
import io.milvus.grpc.MsgType;
import io.vectorconnect.milvus.source.LogBuffer.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import milvus.proto.msg.Msg;
import org.apache.kafka.connect.source.SourceRecord;

/** Goes through the rows of what one time tick let go. */
final class ReleaseReader {
  private final ChangeMapper mapper;
  private final LogChannel channel;
  private final Release release;

  /** Keys that are inserted at the time of a delete: together they are an upsert. */
  private final Map<Long, Set<String>> upserted = new HashMap<>();

  private int message;
  private Rows rows;
  private int row;

  /** Rows gone through, in all messages: what a position counts. */
  private int count;

  ReleaseReader(ChangeMapper mapper, LogChannel channel, Release release) {
    this.mapper = mapper;
    this.channel = channel;
    this.release = release;
    findUpserts();
  }

  /** One message's rows. */
  private interface Rows {
    int count();

    String partition();

    String key(int row);

    SourceRecord record(ChangeRange range, int row, Map<String, String> offset);
  }

  private void findUpserts() {
    for (LogMessage deleting : release.messages()) {
      if (deleting.type() == MsgType.Delete) {
        upserted.put(deleting.timestamp(), new HashSet<>());
      }
    }
    for (LogMessage inserting : release.messages()) {
      Set<String> keys = upserted.get(inserting.timestamp());
      if (inserting.type() == MsgType.Insert && keys != null) {
        RecordMapper.Columns columns = mapper.columns(inserting, inserting.insert());
        for (int i = 0; i < columns.rows(); i++) {
          keys.add(columns.key(i));
        }
      }
    }
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

  /** Whether the next thing here is not rows, but the end of what can be followed. */
  boolean isAtProblem() {
    return !isEmpty() && !release.messages().get(message).isRows();
  }

  /**
   * Adds records of the next message: at most {@code maximum}, and possibly none.
   *
   * @return about how many bytes they have
   */
  int next(int maximum, List<SourceRecord> records) {
    LogMessage current = release.messages().get(message);
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

  private void add(List<SourceRecord> records) {
    int at = row++;
    int number = count++;
    String key = rows.key(at);
    ChangeRange range = mapper.range(key);
    if (range == null
        || range.position(channel).covers(release.tick(), number)
        || !mapper.contains(rows.partition())) {
      return;
    }
    range.reached(channel, new LogPosition(release.from(), release.tick(), number + 1));
    SourceRecord record = rows.record(range, at, mapper.offset(range));
    if (record != null) {
      records.add(record);
    }
  }

  private Rows rows(LogMessage current) {
    return switch (current.type()) {
      case Insert -> inserted(current);
      case Delete -> deleted(current);
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
      public SourceRecord record(ChangeRange range, int row, Map<String, String> offset) {
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
      public SourceRecord record(ChangeRange range, int row, Map<String, String> offset) {
        return mapper.upsert(range, columns.row(row), partition(), offset);
      }
    };
  }

  private Rows deleted(LogMessage current) {
    Msg.DeleteRequest delete = current.delete();
    IDs ids = delete.getPrimaryKeys();
    boolean numbers = ids.hasIntId();
    Set<String> again = upserted.get(current.timestamp());
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
      public SourceRecord record(ChangeRange range, int row, Map<String, String> offset) {
        Object key = numbers ? (Object) ids.getIntId().getData(row) : ids.getStrId().getData(row);
        return again.contains(key(row)) ? null : mapper.tombstone(range, key, partition(), offset);
      }
    };
  }
}
