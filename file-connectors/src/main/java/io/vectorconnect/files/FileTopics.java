package io.vectorconnect.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The topics of files: one for all of them, or one for each, which its name gives. */
final class FileTopics {
  /** Kafka's rule for names of topics. */
  private static final Pattern LEGAL = Pattern.compile("(?!\\.\\.?$)[a-zA-Z0-9._-]{1,249}");

  private final String topic;
  private final String prefix;

  /**
   * The topics of a configuration.
   *
   * @param topic the topic of all files; empty for one for each
   * @param prefix what comes before the names of files
   */
  FileTopics(String topic, String prefix) {
    this.topic = topic;
    this.prefix = prefix;
  }

  /** Whether all files have one topic. */
  boolean isOne() {
    return !topic.isEmpty();
  }

  /** The topic of a file. */
  String of(Path file) {
    return isOne() ? topic : prefix + encoded(name(file));
  }

  /** Whether the name of a file has characters that a topic's name cannot have. */
  boolean isEncoded(Path file) {
    return !isOne() && !encoded(name(file)).equals(name(file));
  }

  /**
   * The topic that earlier releases gave a file: they made an underscore of every such character.
   */
  String before(Path file) {
    return prefix + name(file).replaceAll("[^a-zA-Z0-9._-]", "_");
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Gives each byte of UTF-8 that a topic's name cannot have its number, so that names differ. */
  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean legal = b > 0 && LEGAL.matcher("x" + (char) b).matches();
      encoded.append(legal ? String.valueOf((char) b) : "_%02X".formatted(b));
    }
    return encoded.toString();
  }

  /**
   * Checks that files have topics with names that Kafka accepts, and each its own.
   *
   * @throws FileProblem when they do not
   */
  void check(List<Path> files) {
    if (isOne()) {
      requireLegal(topic, "Topic");
      return;
    }
    Map<String, Path> seen = new HashMap<>();
    for (Path file : files) {
      String name = of(file);
      requireLegal(name, "File %s: topic".formatted(file));
      Path other = seen.put(name, file);
      if (other != null) {
        throw new FileProblem(
            FileSourceKeys.TOPIC,
            "Files %s and %s would both go into topic %s; rename one of them, or read each by a connector of its own"
                .formatted(other, file, name));
      }
    }
  }

  private static void requireLegal(String name, String what) {
    if (!LEGAL.matcher(name).matches()) {
      throw new FileProblem(
          FileSourceKeys.TOPIC,
          "%s %s is no name of a topic; expected 1 to 249 letters a to z, digits, dots, hyphens and underscores; set %s"
              .formatted(what, name, FileSourceKeys.TOPIC));
    }
  }
}
