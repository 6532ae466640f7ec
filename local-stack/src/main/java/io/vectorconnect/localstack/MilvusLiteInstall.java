package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Milvus Lite in its two kinds: Python since version 3, Milvus's own core in C++ before. */
final class MilvusLiteInstall {
  private static final String KEEP_MESSAGES =
      """
      import pathlib, shutil, sys
      package = pathlib.Path(sys.argv[1], 'pymilvus')
      for part in package.iterdir():
          if part.name != 'grpc_gen':
              shutil.rmtree(part) if part.is_dir() else part.unlink()
      (package / '__init__.py').touch()
      """;

  private MilvusLiteInstall() {}

  /**
   * A folder of Python packages, for the Python that is on the PATH: what the server imports. Its
   * package asks for more: Faiss, without which it searches vectors one by one, and all that the
   * client pymilvus imports, of which it needs the messages only.
   */
  static Path python(Install install) {
    return install.once(
        "milvus-lite-%s-python-%s".formatted(Versions.MILVUS_LITE, pythonVersion()),
        "Milvus Lite " + Versions.MILVUS_LITE,
        (folder, log) -> {
          Path requirements = Pins.requirements("milvus-lite", folder);
          ManagedProcess.run(
              "pip install milvus-lite (which needs Python 3.11 or newer)",
              List.of(
                  "python3",
                  "-m",
                  "pip",
                  "install",
                  "-q",
                  "--no-deps",
                  "--only-binary=:all:",
                  "--target",
                  folder.toString(),
                  "--require-hashes",
                  "-r",
                  requirements.toString()),
              folder,
              log,
              Install.LIMIT);
          Files.delete(requirements);
          ManagedProcess.run(
              "leaving out what Milvus Lite does not import",
              List.of("python3", "-c", KEEP_MESSAGES, folder.toString()),
              folder,
              log,
              Install.LIMIT);
        });
  }

  /** A folder with the program {@code milvus} and its libraries. */
  static Path core(Install install) {
    return install
        .once(
            "milvus-lite-" + Versions.MILVUS_LITE_2,
            "Milvus Lite " + Versions.MILVUS_LITE_2,
            (folder, log) -> {
              Install.wheel("milvus-lite-2", folder, log);
              Install.makeRunnable(folder.resolve("milvus_lite/lib"));
            })
        .resolve("milvus_lite/lib");
  }

  /** Packages with libraries in them are for one version of Python. */
  private static String pythonVersion() {
    try {
      Path answer = Files.createTempFile("python-", ".version");
      try {
        ManagedProcess.run(
            "python3",
            List.of("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"),
            answer.getParent(),
            answer,
            Install.LIMIT);
        return Files.readString(answer, StandardCharsets.UTF_8).strip();
      } finally {
        Files.delete(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
