package io.vectorconnect.it;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** What the connectors that run in this process write to their log, from now on. */
final class TestLog {
  private static final String FILE =
      Stack.root().resolve("integration-tests/target/tests.log").toString();

  private final long start;

  TestLog() throws IOException {
    LoggerFactory.getLogger(TestLog.class); // the file is made anew by the first logger
    try (RandomAccessFile file = new RandomAccessFile(FILE, "r")) {
      start = file.length();
    }
  }

  String text() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(FILE, "r")) {
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
