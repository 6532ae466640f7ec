package io.vectorconnect.milvus.source.log;

import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusErrors;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.MilvusService;
import io.vectorconnect.milvus.source.config.ChangeStreamKeys;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a server's log can be read. What counts is what the server answers and what is
 * in the topics; the version is for people.
 */
public final class LogCheck {
  private static final Logger log = LoggerFactory.getLogger(LogCheck.class);

  private static final String OTHERWISE =
      "Where Milvus keeps its log in RocksMQ, Pulsar or Woodpecker and cannot deliver it, use poll.strategy=reconcile for every change, or timestamp_field for inserts and upserts";

  private LogCheck() {}

  /**
   * The first problem found, on the key that it is about.
   *
   * @throws MilvusException when Milvus does not answer, or refuses the login
   */
  public static Optional<Problem> run(
      MilvusClient client, MilvusSourceConfig config, List<String> collections) {
    String version = version(client);
    List<LogChannel> channels = new ArrayList<>();
    for (String name : collections) {
      channels.addAll(LogChannel.of(client.describe(name)));
    }
    if (!config.readsKafka()) {
      return delivered(client, version);
    }
    try (LogClient kafka = LogClient.connect(config)) {
      kafka.tails(channels).forEach((channel, tail) -> check(version, channel, tail));
      return Optional.empty();
    } catch (ConnectException | MilvusException e) {
      return Optional.of(
          new Problem(
              ChangeStreamKeys.SERVERS,
              "%s (The server is Milvus %s. %s.)".formatted(e.getMessage(), version, OTHERWISE)));
    }
  }

  private static Optional<Problem> delivered(MilvusClient client, String version) {
    if (DumpedLog.isOffered(client)) {
      log.info("Milvus {} delivers its log itself; no such server was tried yet", version);
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            ChangeStreamKeys.SERVERS,
            "poll.strategy=change_stream needs the Kafka of Milvus's log: Milvus %s does not deliver its log itself (DumpMessages). %s"
                .formatted(version, OTHERWISE)));
  }

  /** Fails when the last record cannot be read. */
  private static void check(String version, LogChannel channel, LogTail tail) {
    String form = "no record, so its form is not known yet";
    if (tail.last().isPresent()) {
      LogDecoder.decode(tail.last().get());
      form = tail.isStreaming() ? "the form of Milvus 2.6" : "the form of Milvus 2.3 to 2.5";
    }
    log.info("Milvus {}: the log in topic {} has {}", version, channel.topic(), form);
  }

  private static String version(MilvusClient client) {
    String action = "asking for the version of Milvus";
    try {
      GetVersionResponse response =
          client.request(action, MilvusService.GET_VERSION, GetVersionRequest.getDefaultInstance());
      MilvusErrors.check(action, response.getStatus());
      return response.getVersion();
    } catch (MilvusException e) {
      if (e.isUnimplemented()) {
        return "of an unknown version";
      }
      throw e;
    }
  }
}
