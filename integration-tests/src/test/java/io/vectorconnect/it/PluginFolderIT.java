package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The folders and zips that users drop into {@code plugin.path}. */
class PluginFolderIT {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  private static List<String> plugins() {
    return Stack.PLUGINS;
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void holdsOneCopyOfEachClassAndNoneOfTheWorkersOwn(String plugin) throws Exception {
    Path folder = ROOT.resolve(plugin + "/target/" + plugin + "/" + plugin);
    Map<String, Path> seen = new HashMap<>();
    List<String> conflicts = new ArrayList<>();
    try (Stream<Path> jars = Files.list(folder)) {
      for (Path jar : jars.toList()) {
        for (String entry : entries(jar)) {
          boolean ofTheWorker =
              entry.startsWith("org/apache/kafka/") || entry.startsWith("org/slf4j/");
          boolean ofAllJars = entry.startsWith("META-INF/") || entry.equals("module-info.class");
          Path before = ofAllJars || !entry.endsWith(".class") ? null : seen.put(entry, jar);
          if (ofTheWorker || before != null) {
            conflicts.add(jar.getFileName() + ": " + entry);
          }
        }
      }
    }
    assertThat(conflicts).isEmpty();
    assertThat(seen).isNotEmpty();
    assertThat(seen.keySet())
        .as("gRPC and Netty but the pinned ones")
        .noneMatch(entry -> entry.startsWith("io/milvus/shaded/") || entry.startsWith("io/netty/"));

    Path zip = ROOT.resolve(plugin + "/target/" + plugin + ".zip");
    try (Stream<Path> jars = Files.list(folder)) {
      assertThat(entries(zip).stream().filter(entry -> entry.endsWith(".jar")))
          .containsExactlyInAnyOrderElementsOf(
              jars.map(jar -> plugin + "/" + jar.getFileName()).toList());
    }
  }

  private static List<String> entries(Path zip) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return file.stream().map(ZipEntry::getName).toList();
    }
  }
}
