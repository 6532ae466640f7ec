package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What downloads must be, by SHA-256. Python packages are in pip's form, which pip checks; files
 * that Maven fetches are in the form of {@code sha256sum} and checked here; Go checks the sums in
 * its own {@code go.sum}.
 */
final class Pins {
  private static final int BUFFER = 1 << 16;

  private Pins() {}

  /** The content of a resource in {@code pins}. */
  private static String read(String name) {
    try (InputStream in = Pins.class.getResourceAsStream("pins/" + name)) {
      if (in == null) {
        throw new StackException(
            "no pinned SHA-256 for this version: src/main/resources/io/vectorconnect/localstack/pins/%s of local-stack is missing; check the files of the new version, and write it"
                .formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the Python packages of {@code name} into a folder, as pip reads them. */
  static Path requirements(String name, Path folder) throws IOException {
    return Files.writeString(folder.resolve("requirements.txt"), read(name + ".txt"));
  }

  /**
   * Checks that a folder contains just the files that are pinned for {@code name}.
   *
   * @throws StackException naming the first file that is another one, missing or unexpected
   */
  static void verify(String name, Path folder) throws IOException {
    Map<String, String> pinned = new TreeMap<>();
    for (String line : read(name + ".sha256").lines().toList()) {
      String[] parts = line.split("\\s+", 2);
      pinned.put(parts[1], parts[0]);
    }
    verify(pinned, folder);
  }

  static void verify(Map<String, String> pinned, Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        found.put(file.getFileName().toString(), sha256(file));
      }
    }
    for (Map.Entry<String, String> file : found.entrySet()) {
      String expected = pinned.get(file.getKey());
      if (!file.getValue().equals(expected)) {
        throw new StackException(
            "downloaded %s has SHA-256 %s, expected %s; nothing of it was run. Find out why before you change the pin"
                .formatted(
                    file.getKey(), file.getValue(), expected == null ? "no such file" : expected));
      }
    }
    for (String file : pinned.keySet()) {
      if (!found.containsKey(file)) {
        throw new StackException("the download lacks " + file);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
