package io.vectorconnect.milvus.source.log;

import static io.vectorconnect.milvus.source.log.LogMessageTest.insert;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChangeReaderTest {
  private static final LogChannel FIRST = new LogChannel("dml_0_7v0", "dml_0");
  private static final LogChannel SECOND = new LogChannel("dml_1_7v1", "dml_1");

  private final MilvusSourceConfig config =
      new MilvusSourceConfig(
          Map.of(
              "name", "changes",
              "connection.uri", "http://127.0.0.1:1",
              "collection.include.list", "c",
              "poll.strategy", "change_stream"));
  private final Collection collection =
      new Collection(
          "c",
          7,
          List.of(
              FieldSchema.newBuilder()
                  .setName("id")
                  .setDataType(DataType.Int64)
                  .setIsPrimaryKey(true)
                  .build()),
          false,
          Map.of());
  private final RangeOffsets offsets = RangeOffsets.fresh(config.unit("c"), RangePlan.whole());
  private final ChangeRange range =
      ChangeRange.fresh(
          offsets,
          offsets.plan().ranges().get(0),
          Map.of(FIRST, LogPosition.start(0), SECOND, LogPosition.start(0)));
  private final Deque<List<LogMessage>> polls = new ArrayDeque<>();

  /** What one poll after another brings; then nothing. */
  private final class Polls implements LogSource {
    @Override
    public void start(Map<LogChannel, LogPosition> positions) {}

    @Override
    public List<LogMessage> poll(Duration patience) {
      return polls.isEmpty() ? List.of() : polls.remove();
    }

    @Override
    public boolean isNormal(Duration silence) {
      return true;
    }

    @Override
    public void close() {}
  }

  private ChangeReader reader() {
    return reader(0);
  }

  private ChangeReader reader(long scannedUpTo) {
    return new ChangeReader(
        config,
        collection,
        ReleaseReaderTest.schema(config, collection),
        List.of(FIRST, SECOND),
        Polls::new,
        scannedUpTo,
        offsets.plan(),
        List.of(range),
        List.of(ReleaseReaderTest.scan(config, collection, offsets, range)));
  }

  private static LogMessage message(Kind kind, String topic, long offset, String shard) {
    ByteString body =
        kind == Kind.INSERT
            ? insert(offset, 1)
                .addFieldsData(
                    FieldData.newBuilder()
                        .setFieldName("id")
                        .setScalars(
                            ScalarField.newBuilder()
                                .setLongData(LongArray.newBuilder().addData(offset))))
                .build()
                .toByteString()
            : ByteString.EMPTY;
    return new LogMessage(
        LogPlace.kafka(topic, offset),
        kind,
        kind.toString(),
        offset,
        shard,
        0,
        Optional.empty(),
        body,
        Optional.empty(),
        "");
  }

  @Test
  void aPositionMovesWithoutTicksAndKeepsWhatWaits() {
    ChangeReader reader = reader();
    polls.add(List.of(message(Kind.TICK, "dml_0", 1, "")));
    assertThat(reader.next()).isEmpty();
    assertThat(range.position(FIRST)).isEqualTo(new LogPosition("2", 2, 0));
    polls.add(List.of(message(Kind.INSERT, "dml_0", 2, "dml_0_8v0"))); // another collection's
    assertThat(reader.next()).isEmpty();
    assertThat(range.position(FIRST)).isEqualTo(new LogPosition("3", 3, 0));
    polls.add(
        List.of(
            message(Kind.INSERT, "dml_0", 3, FIRST.shard()),
            message(Kind.INSERT, "dml_0", 4, "dml_0_8v0")));
    assertThat(reader.next()).isEmpty();
    assertThat(range.position(FIRST)).isEqualTo(new LogPosition("3", 5, 0));
    assertThat(range.position(SECOND)).isEqualTo(LogPosition.start(0));
    polls.add(List.of(message(Kind.TICK, "dml_0", 5, "")));
    assertThat(reader.next()).hasSize(1);
    reader.next();
    assertThat(range.position(FIRST)).isEqualTo(new LogPosition("6", 6, 0));
  }

  @Test
  void changesThatTheScanHasSeenMoveThePositionAndNoMore() {
    ChangeReader reader = reader(3);
    polls.add(
        List.of(
            message(Kind.INSERT, "dml_0", 3, FIRST.shard()), message(Kind.TICK, "dml_0", 4, "")));
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEmpty();
    assertThat(range.position(FIRST)).isEqualTo(new LogPosition("5", 5, 0));
    polls.add(
        List.of(
            message(Kind.INSERT, "dml_0", 5, FIRST.shard()), message(Kind.TICK, "dml_0", 6, "")));
    assertThat(reader.next()).hasSize(1);
  }

  @Test
  void theChangesOfOtherShardsArePublishedBeforeADropEndsTheTask() {
    ChangeReader reader = reader();
    polls.add(
        List.of(
            message(Kind.DROP_COLLECTION, "dml_1", 1, SECOND.shard()),
            message(Kind.TICK, "dml_1", 2, "")));
    polls.add(List.of()); // the other topic's answer is late
    polls.add(
        List.of(
            message(Kind.INSERT, "dml_0", 3, FIRST.shard()), message(Kind.TICK, "dml_0", 4, "")));
    List<SourceRecord> records = new ArrayList<>();
    String failure = "";
    while (failure.isEmpty()) {
      try {
        records.addAll(reader.next());
      } catch (ConnectException e) {
        failure = e.getMessage();
      }
    }
    assertThat(failure).contains("collection c was dropped");
    assertThat(records)
        .extracting(record -> ((Struct) record.key()).getInt64("id"))
        .containsExactly(3L);
    assertThat(range.position(SECOND)).as("of the drop").isEqualTo(LogPosition.start(0));
  }
}
