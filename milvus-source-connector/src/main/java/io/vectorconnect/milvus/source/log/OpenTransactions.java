package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The transactions of one shard that have begun and not ended. Messages come here in the order of
 * their time ticks.
 */
final class OpenTransactions {
  private final Map<Long, Open> open = new LinkedHashMap<>();

  /** A transaction, and the time of its last message. */
  private static final class Open {
    final LogTransaction transaction;
    final List<LogMessage> messages = new ArrayList<>();
    long last;

    Open(LogMessage begin, LogTransaction transaction) {
      this.transaction = transaction;
      add(begin);
    }

    void add(LogMessage message) {
      messages.add(message);
      last = message.timestamp();
    }
  }

  /**
   * Takes the next message.
   *
   * @return what takes effect with it, at its time: the message itself outside of a transaction;
   *     the messages of a transaction with its commit, in the order in which they came; else
   *     nothing. A message whose transaction has no known beginning is dropped, as Milvus does
   */
  List<LogMessage> take(LogMessage message) {
    if (message.transaction().isEmpty()) {
      return message.isBoundary() ? List.of() : List.of(message);
    }
    LogTransaction transaction = message.transaction().get();
    switch (message.kind()) {
      case BEGIN -> open.putIfAbsent(transaction.id(), new Open(message, transaction));
      case ROLLBACK -> open.remove(transaction.id());
      case COMMIT -> {
        Open committed = open.remove(transaction.id());
        return committed == null
            ? List.of()
            : committed.messages.stream()
                .filter(part -> part.kind() != Kind.BEGIN)
                .map(part -> part.at(message.timestamp()))
                .toList();
      }
      default -> {
        if (open.containsKey(transaction.id())) {
          open.get(transaction.id()).add(message);
        }
      }
    }
    return List.of();
  }

  /** Drops the transactions that have expired at a time tick: no commit of theirs follows. */
  void expire(long tick) {
    open.values().removeIf(one -> one.transaction.isExpired(one.last, tick));
  }

  /** The messages that wait for a commit. */
  Stream<LogMessage> waiting() {
    return open.values().stream().flatMap(one -> one.messages.stream());
  }
}
