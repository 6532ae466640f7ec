package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debezium's plugin folder with jars of the user's in it: Debezium finds custom converters only on
 * the class path of its own plugin.
 */
final class DebeziumPlugin {
  static final String NAME = "debezium-connector-postgres";

  private DebeziumPlugin() {}

  /**
   * Lays out the plugin.
   *
   * @param installation Debezium's own jars
   * @param additions jars that go beside them
   * @param folder where to
   * @return an entry for {@code plugin.path}
   */
  static Path layOut(Path installation, List<Path> additions, Path folder) {
    try (Stream<Path> files = Files.list(installation)) {
      Path plugin = Files.createDirectories(folder.resolve(NAME));
      List<Path> jars = new ArrayList<>(additions);
      files.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
      for (Path jar : jars) {
        Files.copy(jar, plugin.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("making the plugin folder " + folder, e);
    }
  }
}
