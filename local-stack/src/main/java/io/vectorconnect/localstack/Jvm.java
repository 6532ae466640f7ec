package io.vectorconnect.localstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Kafka's programs. */
final class Jvm {
  private Jvm() {}

  static List<String> command(Path libraries, String heap, List<String> options, String... main) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=warn",
                "-Dorg.slf4j.simpleLogger.log.kafka=warn",
                "-Dorg.slf4j.simpleLogger.log.org.reflections=error",
                "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=warn"));
    command.addAll(options);
    command.addAll(List.of("-cp", libraries.resolve("libs") + "/*"));
    command.addAll(List.of(main));
    return command;
  }
}
