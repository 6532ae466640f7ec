package io.vectorconnect.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The files that a path names: itself, or those of a folder with the right ending. */
final class FileSet {
  /** What tells that a file was changed. */
  record Stamp(long size, long modifiedMillis) {
    boolean isOlderThan(Duration age) {
      return System.currentTimeMillis() - modifiedMillis >= age.toMillis();
    }
  }

  private final Path path;
  private final List<String> extensions;

  FileSet(Path path, List<String> extensions) {
    this.path = path;
    this.extensions = extensions;
  }

  /**
   * The files that are there now, by name.
   *
   * @throws UnavailableFile when the path leads to nothing
   */
  List<Path> list() {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (!Files.isDirectory(path)) {
      throw new UnavailableFile("There is no file or folder " + path, null);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (isOurs(entry.getFileName().toString()) && Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
    } catch (IOException e) {
      throw new UnavailableFile("Cannot list folder " + path + ": " + e, e);
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /** A leading dot marks files that somebody is still writing. */
  private boolean isOurs(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && extensions.stream().anyMatch(lower::endsWith);
  }

  /** Size and time of a file; both 0 when it is gone. */
  static Stamp stamp(Path file) {
    try {
      return new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    } catch (IOException e) {
      return new Stamp(0, 0);
    }
  }
}
