package io.vectorconnect.localstack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes a log as Milvus 2.6 keeps it in Kafka, with Milvus's own Go library: every message of a
 * fixed script, and the changes that a correct reader gets from them. There is no Milvus 2.6 that
 * could be installed here.
 */
public final class MilvusLogWriter {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path program;

  /** Whether there is a C compiler, without which Go cannot compile Milvus's library. */
  public static boolean canCompile() {
    String compiler = System.getenv().getOrDefault("CC", "gcc");
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, compiler)));
  }

  /**
   * Compiles the program when it is not in the cache: 4 to 5 minutes on two cores.
   *
   * @param progress told what is being done
   */
  public MilvusLogWriter(Consumer<String> progress) {
    this.program =
        new Install(Install.defaultCache(), progress).milvusLogWriter().resolve("writer");
  }

  /**
   * Writes the script to the empty topics {@code prefix_0} to {@code prefix_2}.
   *
   * @param folder gets {@code records.jsonl} (what is in the topics) and {@code expected.jsonl}
   *     (the changes in order)
   */
  public void write(String bootstrapServers, String prefix, Path folder) {
    Root.giveAway(folder);
    ManagedProcess.start(
            "writing Milvus's log",
            Root.service(
                "The writer of Milvus's log",
                List.of(
                    program.toString(),
                    "-kafka",
                    bootstrapServers,
                    "-out",
                    folder.toString(),
                    "-prefix",
                    prefix),
                program.getParent()),
            // Otherwise the library looks in the folder of its own source, which may be unreadable.
            Map.of("MILVUSCONF", folder.toString()),
            folder,
            folder.resolve("writer.log"))
        .awaitSuccess(LIMIT);
  }
}
