package io.vectorconnect.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files are whose. A snapshot's files are shared out by size when the connector starts. Where
 * new files are followed, each task finds its own by a hash of their names, so that no task has to
 * be told and restarted when one comes.
 */
final class TaskFiles {
  private static final String FILES = "task.files";
  private static final String INDEX = "task.index";
  private static final String COUNT = "task.count";

  private final FileFormat format;
  private final Map<String, String> properties;

  TaskFiles(FileFormat format, Map<String, String> properties) {
    this.format = format;
    this.properties = properties;
  }

  /** One configuration for each task. */
  static List<Map<String, String>> configs(
      FileFormat format, Map<String, String> properties, int maxTasks) {
    FileSourceKeys keys = format.keys();
    List<Path> files = new FileSet(keys.path(), format.extensions()).list();
    keys.topics().check(files);
    List<Map<String, String>> configs = new ArrayList<>();
    if (keys.follow()) {
      int tasks = Files.isDirectory(keys.path()) ? maxTasks : 1;
      for (int i = 0; i < tasks; i++) {
        Map<String, String> config = new HashMap<>(properties);
        config.put(INDEX, Integer.toString(i));
        config.put(COUNT, Integer.toString(tasks));
        configs.add(config);
      }
      return configs;
    }
    for (List<Path> share : share(files, maxTasks)) {
      Map<String, String> config = new HashMap<>(properties);
      // No file's name holds a NUL.
      config.put(FILES, String.join("\0", share.stream().map(Path::toString).toList()));
      configs.add(config);
    }
    return configs;
  }

  /** The largest file first, each to who has least. */
  private static List<List<Path>> share(List<Path> files, int maxTasks) {
    int tasks = Math.min(maxTasks, files.size());
    List<List<Path>> shares = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      shares.add(new ArrayList<>());
    }
    Map<Path, Long> sizes = new HashMap<>();
    files.forEach(file -> sizes.put(file, FileSet.stamp(file).size()));
    long[] bytes = new long[tasks];
    List<Path> bySize = new ArrayList<>(files);
    bySize.sort(Comparator.comparing(sizes::get, Comparator.reverseOrder()));
    for (Path file : bySize) {
      int least = 0;
      for (int i = 1; i < tasks; i++) {
        least = bytes[i] < bytes[least] ? i : least;
      }
      shares.get(least).add(file);
      bytes[least] += sizes.get(file) + 1;
    }
    return shares;
  }

  /** The files of this task as they are now. */
  List<Path> list() {
    String fixed = properties.get(FILES);
    if (fixed != null) {
      return List.of(fixed.split("\0")).stream().map(Path::of).toList();
    }
    int index = Integer.parseInt(properties.get(INDEX));
    int count = Integer.parseInt(properties.get(COUNT));
    List<Path> all = new FileSet(format.keys().path(), format.extensions()).list();
    format.keys().topics().check(all); // a file that came later may have the topic of another
    return all.stream()
        .filter(file -> Math.floorMod(file.getFileName().toString().hashCode(), count) == index)
        .toList();
  }
}
