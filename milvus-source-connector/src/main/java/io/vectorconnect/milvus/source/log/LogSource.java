package io.vectorconnect.milvus.source.log;

import io.vectorconnect.milvus.MilvusException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The way by which the messages of Milvus's log come here. Every failure is a {@link
 * MilvusException} when another try may help, a {@link ConnectException} when not.
 */
public interface LogSource extends AutoCloseable {
  /**
   * Starts to read.
   *
   * @throws ConnectException when the log does not reach back to a position
   */
  void start(Map<LogChannel, LogPosition> positions);

  /** The next messages, if there are some within the patience. */
  List<LogMessage> poll(Duration patience);

  /**
   * Checks a silence.
   *
   * @param silence how long no message has come
   * @return whether the silence is normal, so that it counts from now on
   * @throws ConnectException when a log that works is never silent for so long
   */
  boolean isNormal(Duration silence);

  @Override
  void close();
}
