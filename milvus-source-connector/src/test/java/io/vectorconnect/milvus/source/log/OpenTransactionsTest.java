package io.vectorconnect.milvus.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenTransactionsTest {
  private static final long SECOND = 1_000L << 18;

  private final OpenTransactions transactions = new OpenTransactions();

  private static LogMessage message(Kind kind, long time, long id, long keepAlive) {
    return new LogMessage(
        LogPlace.kafka("dml_0", time),
        kind,
        kind.toString(),
        time,
        "dml_0_7v0",
        0,
        Optional.of(new LogTransaction(id, keepAlive)),
        ByteString.EMPTY,
        Optional.empty(),
        "");
  }

  private List<Long> take(Kind kind, long time, long id) {
    return transactions.take(message(kind, time, id, 1_000)).stream()
        .map(m -> m.place().order())
        .toList();
  }

  @Test
  void whatHasNoKnownBeginningIsDropped() {
    assertThat(take(Kind.INSERT, 1, 5)).isEmpty();
    assertThat(take(Kind.COMMIT, 2, 5)).isEmpty();
    assertThat(take(Kind.BEGIN, 3, 5)).isEmpty();
    assertThat(take(Kind.INSERT, 4, 5)).isEmpty();
    assertThat(take(Kind.BEGIN, 5, 5)).as("a second one").isEmpty();
    assertThat(take(Kind.COMMIT, 6, 5)).containsExactly(4L);
    assertThat(take(Kind.COMMIT, 7, 5)).as("a second one").isEmpty();
    assertThat(transactions.waiting()).isEmpty();
  }

  @Test
  void aTransactionExpiresAfterItsLastMessage() {
    take(Kind.BEGIN, SECOND, 1);
    take(Kind.INSERT, 2 * SECOND, 1);
    transactions.expire(3 * SECOND - 1);
    assertThat(transactions.waiting()).hasSize(2);
    transactions.expire(3 * SECOND);
    assertThat(transactions.waiting()).isEmpty();
    assertThat(take(Kind.COMMIT, 4 * SECOND, 1)).isEmpty();
  }

  @Test
  void aNegativeTimeToLiveNeverEnds() {
    transactions.take(message(Kind.BEGIN, SECOND, 2, -1));
    transactions.take(message(Kind.DELETE, 2 * SECOND, 2, -1));
    transactions.expire(Long.MAX_VALUE);
    List<LogMessage> committed = transactions.take(message(Kind.COMMIT, 9 * SECOND, 2, -1));
    assertThat(committed).singleElement().extracting(LogMessage::timestamp).isEqualTo(9 * SECOND);
  }
}
