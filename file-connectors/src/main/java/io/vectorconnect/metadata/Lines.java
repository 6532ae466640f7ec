package io.vectorconnect.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** Lines of a file as bytes, from any place on. */
final class Lines implements AutoCloseable {
  private static final int MAX_LINE = 16 << 20;

  private final FileChannel channel;
  private byte[] buffer = new byte[16 << 10];

  /** Where the buffer's first byte stands in the file, and what of it is not read yet. */
  private long bufferPosition;

  private int from;
  private int to;

  private long lineStart;

  Lines(Path path) throws IOException {
    channel = FileChannel.open(path);
  }

  /** Goes on with the line that begins at a place. */
  void seek(long position) {
    if (position >= bufferPosition && position <= bufferPosition + to) {
      from = (int) (position - bufferPosition);
    } else {
      bufferPosition = position;
      from = 0;
      to = 0;
    }
  }

  /**
   * The next line without its end, or null behind the last one.
   *
   * @throws IOException when it has more than 16 MiB
   */
  byte[] next() throws IOException {
    int at = from;
    while (true) {
      while (at < to && buffer[at] != '\n') {
        at++;
      }
      if (at < to) {
        return line(at, at + 1);
      }
      int kept = to - from;
      System.arraycopy(buffer, from, buffer, 0, kept);
      bufferPosition += from;
      from = 0;
      to = kept;
      at = kept;
      if (kept == buffer.length) {
        if (kept >= MAX_LINE) {
          throw new IOException(
              "the line at byte %d has more than %d bytes".formatted(bufferPosition, MAX_LINE));
        }
        buffer = Arrays.copyOf(buffer, kept * 2);
      }
      int read = channel.read(ByteBuffer.wrap(buffer, to, buffer.length - to), bufferPosition + to);
      if (read < 0) {
        return kept == 0 ? null : line(to, to);
      }
      to += read;
    }
  }

  private byte[] line(int end, int next) {
    lineStart = bufferPosition + from;
    byte[] line = Arrays.copyOfRange(buffer, from, end);
    from = next;
    return line;
  }

  /** Where the last line began. */
  long lineStart() {
    return lineStart;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
