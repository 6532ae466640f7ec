package io.vectorconnect.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, as CI and containers have it. */
class RootTest {
  private static final List<String> WHO = List.of("/usr/bin/id", "-u");

  @TempDir private Path folder;

  @BeforeEach
  void needsRoot() {
    assumeTrue(Root.isRoot(), "not root");
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void aServiceDoesNotRunAsRoot() throws IOException {
    assertThat(output(Root.service("id", WHO, Path.of("/usr/bin")))).isEqualTo("65534");
  }

  @Test
  void whatOnlyRootCanReadRunsAsRoot() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    assertThat(Root.service("id", WHO, folder.resolve("."))).isEqualTo(WHO);
  }

  @Test
  void aFolderIsGivenToTheUserThatServicesRunAs() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Root.giveAway(folder);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(65_534);
  }
}
