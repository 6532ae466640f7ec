package io.vectorconnect.milvus.source.log;

import io.milvus.grpc.DumpMessagesRequest;
import io.milvus.grpc.DumpMessagesResponse;
import io.milvus.grpc.MessageID;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusErrors;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.MilvusService;
import io.vectorconnect.milvus.source.config.MessageQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Reads Milvus's log through Milvus itself ({@code DumpMessages}, from Milvus 3.0), in whatever
 * message queue it is. Milvus delivers the messages in the order of their time ticks and
 * transactions whole, but no time ticks and no rolled back transactions (its internal/proxy/impl.go
 * and dump_messages_test.go).
 */
public final class DumpedLog implements LogSource {
  /** Messages that wait for the task, of all channels together. */
  private static final int QUEUE = 64;

  private final MilvusClient client;
  private final MessageQueue queue;
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUE);

  public DumpedLog(MilvusClient client, MessageQueue queue) {
    this.client = client;
    this.queue = queue;
  }

  /** What a channel's stream brought: an answer, or how it ended. */
  private record Event(
      Thread reader,
      Channel channel,
      Optional<DumpMessagesResponse> response,
      Optional<MilvusException> failure) {}

  /** One physical channel, which is opened again after a failure. */
  private static final class Channel {
    final String name;
    DumpedMessages messages;
    Thread reader;

    Channel(String name, DumpedMessages messages) {
      this.name = name;
      this.messages = messages;
    }

    String action() {
      return "reading Milvus's log of channel " + name;
    }
  }

  @Override
  public void start(Map<LogChannel, LogPosition> positions) {
    positions.forEach(
        (channel, position) ->
            channels.put(
                channel.topic(),
                new Channel(channel.topic(), new DumpedMessages(channel.topic(), position))));
  }

  @Override
  public List<LogMessage> poll(Duration patience) {
    channels.values().stream().filter(channel -> channel.reader == null).forEach(this::open);
    List<LogMessage> messages = new ArrayList<>();
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      while (event != null && take(event, messages)) {
        // Within a transaction, nothing is final yet.
        long left = messages.isEmpty() ? deadline - System.nanoTime() : 0;
        event = events.poll(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return messages;
  }

  /**
   * Takes what a stream brought.
   *
   * @return whether to go on with the next event
   */
  private boolean take(Event event, List<LogMessage> messages) {
    Channel channel = event.channel();
    if (event.reader() != channel.reader) {
      return true; // of a stream that has failed since
    }
    try {
      if (event.failure().isPresent()) {
        throw event.failure().get();
      }
      DumpMessagesResponse response = event.response().orElseThrow();
      if (response.hasMessage()) {
        messages.addAll(channel.messages.take(response.getMessage()));
      } else {
        MilvusErrors.check(channel.action(), response.getStatus());
      }
      return true;
    } catch (MilvusException e) {
      close(channel);
      if (messages.isEmpty()) {
        throw e;
      }
      return false; // the stream is opened again, and fails again if it must
    }
  }

  private void open(Channel channel) {
    channel.messages = channel.messages.reopened();
    DumpMessagesRequest request =
        DumpMessagesRequest.newBuilder()
            .setPchannel(channel.name)
            .setStartMessageId(
                MessageID.newBuilder()
                    .setId(channel.messages.startsAfter().orElseGet(queue::earliest))
                    .setWALName(queue.wal()))
            .setStartTimetick(channel.messages.startTime())
            .build();
    channel.reader = new Thread(() -> read(channel, request), "milvus-log-" + channel.name);
    channel.reader.setDaemon(true);
    channel.reader.start();
  }

  private void read(Channel channel, DumpMessagesRequest request) {
    Thread me = Thread.currentThread();
    try {
      try {
        Iterator<DumpMessagesResponse> stream =
            client.stream(channel.action(), MilvusService.DUMP_MESSAGES, request);
        while (stream.hasNext()) {
          events.put(new Event(me, channel, Optional.of(stream.next()), Optional.empty()));
        }
        throw new MilvusException(
            MilvusException.Kind.UNREACHABLE, channel.action() + ": Milvus ended the stream", null);
      } catch (MilvusException e) {
        events.put(new Event(me, channel, Optional.empty(), Optional.of(e)));
      }
    } catch (InterruptedException e) {
      me.interrupt(); // closed
    }
  }

  /** A stream without changes is silent; a connection that is gone ends it. */
  @Override
  public boolean isNormal(Duration silence) {
    return true;
  }

  private static void close(Channel channel) {
    if (channel.reader != null) {
      channel.reader.interrupt(); // which cancels the request
      channel.reader = null;
    }
  }

  @Override
  public void close() {
    channels.values().forEach(DumpedLog::close);
  }

  /**
   * Checks that the server has the request.
   *
   * @return empty when it does not know it
   * @throws MilvusException when it may not be used, or the server does not answer
   */
  static boolean isOffered(MilvusClient client) {
    String action = "asking whether Milvus delivers its log (DumpMessages)";
    try {
      // Without a channel, a server that knows the request refuses it at once.
      Iterator<DumpMessagesResponse> answer =
          client.shortStream(
              action, MilvusService.DUMP_MESSAGES, DumpMessagesRequest.getDefaultInstance());
      if (answer.hasNext()) {
        MilvusErrors.check(action, answer.next().getStatus());
      }
      return true;
    } catch (MilvusException e) {
      if (e.isUnimplemented()) {
        return false;
      }
      return switch (e.kind()) {
        case REFUSED, INVALID -> true;
        default -> throw e;
      };
    }
  }

  /** The time of a start, which has to be known to the tick. */
  public static LogPosition start(String collection, long time) {
    if (time == MilvusClient.STRONG) {
      throw new ConnectException(
          "Milvus does not tell its time (AllocTimestamp), so it is not known which changes of collection %s the scan has; use poll.strategy=reconcile"
              .formatted(collection));
    }
    return new LogPosition(DumpedMessages.EARLIEST, time + 1, 0);
  }
}
