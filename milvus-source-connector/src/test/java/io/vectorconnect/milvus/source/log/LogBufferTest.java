package io.vectorconnect.milvus.source.log;

import static io.vectorconnect.milvus.source.log.LogMessageTest.base;
import static io.vectorconnect.milvus.source.log.LogMessageTest.delete;
import static io.vectorconnect.milvus.source.log.LogMessageTest.insert;
import static io.vectorconnect.milvus.source.log.LogMessageTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.MsgType;
import io.vectorconnect.milvus.source.log.LogBuffer.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;

class LogBufferTest {
  private static LogBuffer buffer() {
    return new LogBuffer(new LogChannel("dml_0_7v0", "dml_0"), 1 << 20);
  }

  private static LogMessage tick(long offset, long time) {
    return message(
        offset,
        Msg.TimeTickMsg.newBuilder().setBase(base(MsgType.TimeTick).setTimestamp(time)).build());
  }

  private static List<Long> offsets(Release release) {
    return release.messages().stream().map(m -> m.place().order()).toList();
  }

  @Test
  void messagesComeInTheOrderOfTheirTimesAndDeletesFirst() {
    LogBuffer buffer = buffer();
    buffer.add(message(10, insert(30, 1).build()));
    buffer.add(message(11, insert(20, 1).build())); // an upsert: Milvus writes this half first
    buffer.add(message(12, delete(20, 1).build()));
    buffer.add(message(13, insert(40, 1).build()));
    assertThat(buffer.tick(tick(14, 10))).isEmpty();
    Release release = buffer.tick(tick(15, 30)).orElseThrow();
    assertThat(offsets(release)).containsExactly(12L, 11L, 10L);
    assertThat(release.from()).isEqualTo("10");
    assertThat(release.next()).isEqualTo(new LogPosition("13", 16, 0));
    assertThat(offsets(buffer.tick(tick(16, 40)).orElseThrow())).containsExactly(13L);
    assertThat(buffer.after(tick(16, 40).place())).isEqualTo(new LogPosition("17", 17, 0));
  }

  @Test
  void aMessageAfterItsTickIsNotPutInAWrongPlace() {
    LogBuffer buffer = buffer();
    assertThat(buffer.tick(tick(1, 100))).isEmpty();
    assertThatThrownBy(() -> buffer.add(message(2, insert(100, 1).build())))
        .hasMessageContaining("at offset 2")
        .hasMessageContaining("after the time tick");
  }

  @Test
  void memoryIsBounded() {
    LogBuffer small = new LogBuffer(new LogChannel("dml_0_7v0", "dml_0"), 100);
    small.add(message(1, insert(1, 1).build()));
    assertThatThrownBy(
            () -> {
              for (int i = 2; i < 10; i++) {
                small.add(message(i, insert(i, 1).build()));
              }
            })
        .hasMessageContaining("change.stream.buffer.max.bytes=100")
        .hasMessageContaining("dml_0");
  }

  /** One tick's message, by where it stands. */
  private record Step(long tick, int number, long offset, LogPosition position) {}

  private static List<Step> replay(List<Object> log, LogPosition from) {
    LogBuffer buffer = buffer();
    List<Step> steps = new ArrayList<>();
    for (long offset = Long.parseLong(from.from()); offset < log.size(); offset++) {
      if (log.get((int) offset) instanceof LogMessage message) {
        buffer.add(message);
        continue;
      }
      buffer
          .tick(tick(offset, (Long) log.get((int) offset)))
          .ifPresent(
              release -> {
                for (int i = 0; i < release.messages().size(); i++) {
                  if (!from.covers(release.tick(), i)) {
                    steps.add(
                        new Step(
                            release.tick(),
                            i,
                            release.messages().get(i).place().order(),
                            new LogPosition(release.from(), release.tick(), i + 1)));
                  }
                }
              });
    }
    return steps;
  }

  @Test
  void fromEveryPositionTheRestIsTheSame() {
    Random random = new Random(5);
    for (int trial = 0; trial < 50; trial++) {
      List<Object> log = new ArrayList<>();
      long tick = 0;
      for (int i = 0; i < 80; i++) {
        if (random.nextInt(4) == 0) {
          tick += random.nextInt(30);
          log.add(tick);
        } else {
          log.add(message(i, insert(tick + 1 + random.nextInt(60), 1).build()));
        }
      }
      log.add(tick + 1_000);
      List<Step> all = replay(log, LogPosition.start(0));
      assertThat(all).hasSize((int) log.stream().filter(LogMessage.class::isInstance).count());
      for (int i = 0; i < all.size(); i++) {
        LogPosition position = LogPosition.parse(all.get(i).position().text());
        assertThat(replay(log, position)).isEqualTo(all.subList(i + 1, all.size()));
      }
    }
  }

  @Test
  void theFurtherPositionIsKept() {
    LogPosition behind = new LogPosition("5", 9, 2);
    LogPosition ahead = new LogPosition("4", 9, 3);
    assertThat(behind.max(ahead)).isEqualTo(ahead);
    assertThat(ahead.max(behind)).isEqualTo(ahead);
    assertThatThrownBy(() -> LogPosition.parse("1/2")).hasMessageContaining("120/125/0");
  }
}
