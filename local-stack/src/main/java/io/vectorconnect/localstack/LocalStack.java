package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Real services on loopback. Everything that was started ends with {@link #close}, or with the JVM.
 *
 * <pre>{@code
 * try (LocalStack stack =
 *     LocalStack.builder().components(Component.KAFKA, Component.POSTGRESQL).start()) {
 *   stack.kafka().bootstrapServers();
 * }
 * }</pre>
 */
public final class LocalStack implements AutoCloseable {
  private final Path directory;
  private final boolean temporary;
  private final Consumer<String> progress;
  private final Thread hook = new Thread(this::end, "local-stack-shutdown");
  private final Deque<Runnable> stops = new ArrayDeque<>();

  private KafkaBroker kafka;
  private ConnectWorker connect;
  private ConnectWorker secondConnect;

  /** Of a folder's name and a group. */
  private BiFunction<String, String, ConnectWorker> makeWorker;

  private MilvusServer milvus;
  private MilvusServer milvusOnKafka;
  private MilvusLiteServer milvusLite;
  private MilvusLiteServer milvusLite2;
  private PostgresServer postgresql;
  private SqlServer openGauss;
  private OceanBaseServer oceanBase;
  private WeaviateServer weaviate;

  private LocalStack(Path directory, boolean temporary, Consumer<String> progress) {
    this.directory = directory;
    this.temporary = temporary;
    this.progress = progress;
  }

  /** Says what to start. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds Weaviate, if it is not installed: that takes minutes, so a caller who starts it later
   * and cannot wait then does this first.
   */
  public static void installWeaviate(Consumer<String> progress) {
    new Install(Install.defaultCache(), progress).weaviate();
  }

  /** Fetches both kinds of Milvus Lite, for a caller who starts them later and cannot wait then. */
  public static void installMilvusLite(Consumer<String> progress) {
    Install install = new Install(Install.defaultCache(), progress);
    MilvusLiteInstall.python(install);
    MilvusLiteInstall.core(install);
  }

  /** What a stack is made of, and where. */
  public static final class Builder {
    private final Set<Component> components = EnumSet.noneOf(Component.class);
    private final Map<String, String> workerProperties = new LinkedHashMap<>();
    private final List<String> workerOptions = new ArrayList<>();
    private List<Path> pluginPath = List.of();
    private List<Path> debeziumAdditions;
    private boolean mongoDb;
    private final Map<String, String> postgresqlSettings = new LinkedHashMap<>();
    private final Map<String, String> weaviateSettings = new LinkedHashMap<>();
    private Path oceanBaseCertificates;
    private String workerHeap = "1g";
    private String connectVersion = Versions.KAFKA;
    private boolean milvusLogInKafka;
    private Path directory;
    private Consumer<String> progress = line -> {};

    private Builder() {}

    /** The services to start, and those that they need. */
    public Builder components(Component... wanted) {
      components.addAll(List.of(wanted));
      if (components.contains(Component.CONNECT)) {
        components.add(Component.KAFKA);
      }
      if (components.contains(Component.OPENGAUSS)) {
        components.add(Component.POSTGRESQL);
      }
      return this;
    }

    /** Folders of plugin folders, for the Connect worker. */
    public Builder pluginPath(List<Path> path) {
      pluginPath = List.copyOf(path);
      return this;
    }

    /**
     * Gives the Connect worker Debezium's PostgreSQL connector.
     *
     * @param additions jars that go into its plugin folder, such as the one with the converters
     */
    public Builder debezium(List<Path> additions) {
      debeziumAdditions = List.copyOf(additions);
      return this;
    }

    /** Gives the Connect worker MongoDB's own connector. */
    public Builder mongoDbConnector() {
      mongoDb = true;
      return this;
    }

    /** A property of the Connect worker, over the stack's own. */
    public Builder workerProperty(String key, String value) {
      workerProperties.put(key, value);
      return this;
    }

    /** The Connect worker's largest heap, such as {@code 256m}. */
    public Builder workerHeap(String heap) {
      workerHeap = heap;
      return this;
    }

    /** Runs the worker on the oldest Connect that the plugins promise to run on. */
    public Builder oldestConnect() {
      connectVersion = Versions.OLDEST_CONNECT;
      return this;
    }

    /** A JVM option of the Connect worker. */
    public Builder workerOption(String option) {
      workerOptions.add(option);
      return this;
    }

    /** Adds a broker, and makes it the keeper of Milvus's log, which is Milvus's own otherwise. */
    public Builder milvusLogInKafka() {
      milvusLogInKafka = true;
      components.add(Component.KAFKA);
      return this;
    }

    /** A setting of PostgreSQL, over the stack's own. */
    public Builder postgresqlSetting(String name, String value) {
      postgresqlSettings.put(name, value);
      return this;
    }

    /**
     * Has OceanBase offer encrypted connections; it still takes others.
     *
     * @param folder with ca.pem, server-cert.pem and server-key.pem
     */
    public Builder oceanBaseCertificates(Path folder) {
      oceanBaseCertificates = folder;
      return this;
    }

    /** An environment variable of Weaviate, over the stack's own. */
    public Builder weaviateSetting(String name, String value) {
      weaviateSettings.put(name, value);
      return this;
    }

    /** Where data and logs go, and stay; by default a temporary folder that goes with the stack. */
    public Builder directory(Path folder) {
      directory = folder;
      return this;
    }

    /** Takes a line for each step. */
    public Builder progress(Consumer<String> listener) {
      progress = listener;
      return this;
    }

    /**
     * Installs what is missing, starts everything, and waits until it is ready.
     *
     * @throws StackException naming the log of the service that did not start
     */
    public LocalStack start() {
      Path folder = directory == null ? temporaryFolder() : directory.toAbsolutePath();
      LocalStack stack = new LocalStack(folder, directory == null, progress);
      Runtime.getRuntime().addShutdownHook(stack.hook);
      try {
        Files.createDirectories(folder);
        stack.startAll(this);
        return stack;
      } catch (IOException e) {
        stack.close();
        throw new UncheckedIOException(e);
      } catch (RuntimeException e) {
        stack.close();
        throw e;
      }
    }

    private static Path temporaryFolder() {
      try {
        // Open to the unprivileged user that PostgreSQL runs as.
        return Files.createTempDirectory(
            "vector-connect-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void startAll(Builder builder) {
    Install install = new Install(Install.defaultCache(), progress);
    Set<Component> wanted = builder.components;
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    CompletableFuture<Void> broker = CompletableFuture.completedFuture(null);
    if (wanted.contains(Component.KAFKA)) {
      Path libraries = install.kafka(Versions.KAFKA);
      kafka = new KafkaBroker(libraries, directory.resolve("kafka"));
      broker = CompletableFuture.runAsync(() -> timed("Kafka", kafka::start, kafka::stop));
      starts.add(broker);
    }
    if (wanted.contains(Component.CONNECT)) {
      starts.add(broker.thenRunAsync(() -> startConnect(install, builder)));
    }
    if (wanted.contains(Component.MILVUS)) {
      Path installation = install.milvus();
      Path folder = directory.resolve("milvus");
      starts.add(
          builder.milvusLogInKafka
              ? broker.thenRunAsync(
                  () -> startMilvus(MilvusServer.withKafka(installation, folder, kafka())))
              : CompletableFuture.runAsync(
                  () -> startMilvus(MilvusServer.withRocksMq(installation, folder))));
    }
    if (wanted.contains(Component.MILVUS_LITE)) {
      milvusLite =
          MilvusLiteServer.python(
              MilvusLiteInstall.python(install), directory.resolve("milvus-lite"));
      starts.add(
          CompletableFuture.runAsync(
              () -> timed("Milvus Lite 3", milvusLite::start, milvusLite::stop)));
    }
    if (wanted.contains(Component.MILVUS_LITE_2)) {
      milvusLite2 =
          MilvusLiteServer.core(
              MilvusLiteInstall.core(install), directory.resolve("milvus-lite-2"));
      starts.add(
          CompletableFuture.runAsync(
              () -> timed("Milvus Lite 2", milvusLite2::start, milvusLite2::stop)));
    }
    if (wanted.contains(Component.POSTGRESQL)) {
      starts.add(CompletableFuture.runAsync(() -> startPostgresql(install.postgresql(), builder)));
    }
    if (wanted.contains(Component.OCEANBASE)) {
      starts.add(CompletableFuture.runAsync(() -> startOceanBase(install.oceanbase(), builder)));
    }
    if (wanted.contains(Component.WEAVIATE)) {
      starts.add(CompletableFuture.runAsync(() -> startWeaviate(install.weaviate(), builder)));
    }
    try {
      CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StackException failure
          ? failure
          : new StackException("the stack did not start: " + e.getCause(), e.getCause());
    }
  }

  private void startConnect(Install install, Builder builder) {
    Path libraries = install.kafka(builder.connectVersion);
    List<Path> path = pluginPath(install, builder);
    makeWorker =
        (folder, group) -> {
          Map<String, String> properties = ConnectWorker.ofGroup(group);
          properties.putAll(builder.workerProperties);
          return new ConnectWorker(
              libraries,
              directory.resolve(folder),
              kafka.bootstrapServers(),
              path,
              builder.workerHeap,
              builder.workerOptions,
              properties);
        };
    connect = makeWorker.apply("connect", "vector-connect");
    timed("Kafka Connect", connect::start, connect::stop);
  }

  private List<Path> pluginPath(Install install, Builder builder) {
    List<Path> path = new ArrayList<>(builder.pluginPath);
    if (builder.debeziumAdditions != null) {
      path.add(
          DebeziumPlugin.layOut(
              install.debezium(),
              builder.debeziumAdditions,
              directory.resolve("connect-plugins/debezium")));
    }
    if (builder.mongoDb) {
      path.add(install.mongoDbConnector());
    }
    return path;
  }

  private void startMilvus(MilvusServer server) {
    milvus = server;
    timed("Milvus", milvus::start, milvus::stop);
  }

  private void startPostgresql(Path installation, Builder builder) {
    boolean withOpenGauss = builder.components.contains(Component.OPENGAUSS);
    postgresql =
        new PostgresServer(
            installation, directory.resolve("postgresql"), builder.postgresqlSettings);
    postgresql.initialize();
    timed("PostgreSQL", postgresql::start, postgresql::stop);
    postgresql.createDatabases(withOpenGauss);
    if (withOpenGauss) {
      SqlServer server = postgresql.server();
      OpenGaussShim shim = new OpenGaussShim(server.port());
      register(shim::close);
      openGauss =
          new SqlServer(server.host(), shim.port(), "opengauss", server.user(), server.password());
    }
  }

  private void startOceanBase(Path installation, Builder builder) {
    oceanBase =
        new OceanBaseServer(
            installation, directory.resolve("oceanbase"), builder.oceanBaseCertificates);
    timed("OceanBase seekdb", oceanBase::start, oceanBase::stop);
  }

  private void startWeaviate(Path installation, Builder builder) {
    weaviate =
        new WeaviateServer(installation, directory.resolve("weaviate"), builder.weaviateSettings);
    timed("Weaviate", weaviate::start, weaviate::stop);
  }

  private void timed(String name, Runnable start, Runnable stop) {
    long begin = System.nanoTime();
    register(stop);
    start.run();
    progress.accept(
        "%s is up (%.1f s)".formatted(name, (System.nanoTime() - begin) / 1_000_000_000.0));
  }

  private void register(Runnable stop) {
    synchronized (stops) {
      stops.push(stop);
    }
  }

  /** The broker. */
  public KafkaBroker kafka() {
    return started(kafka, Component.KAFKA);
  }

  /** The Connect worker. */
  public ConnectWorker connect() {
    return started(connect, Component.CONNECT);
  }

  /**
   * A second Connect worker on the same broker, in a group of its own, so that the two know nothing
   * of each other; started when it is first asked for.
   */
  public synchronized ConnectWorker secondConnect() {
    if (secondConnect == null) {
      secondConnect = started(makeWorker, Component.CONNECT).apply("connect-2", "vector-connect-2");
      timed("A second Kafka Connect", secondConnect::start, secondConnect::stop);
    }
    return secondConnect;
  }

  /** The Milvus server. */
  public MilvusServer milvus() {
    return started(milvus, Component.MILVUS);
  }

  /**
   * A second Milvus, which keeps its log in the stack's broker; started when it is first asked for.
   * Not for a stack that was built with {@link Builder#milvusLogInKafka}: the topics are the same.
   */
  public synchronized MilvusServer milvusOnKafka() {
    if (milvusOnKafka == null) {
      milvusOnKafka =
          MilvusServer.withKafka(
              new Install(Install.defaultCache(), progress).milvus(),
              directory.resolve("milvus-on-kafka"),
              kafka());
      timed("Milvus on Kafka", milvusOnKafka::start, milvusOnKafka::stop);
    }
    return milvusOnKafka;
  }

  /** Milvus Lite 3. */
  public MilvusLiteServer milvusLite() {
    return started(milvusLite, Component.MILVUS_LITE);
  }

  /** Milvus Lite 2.5. */
  public MilvusLiteServer milvusLite2() {
    return started(milvusLite2, Component.MILVUS_LITE_2);
  }

  /** The PostgreSQL server. */
  public PostgresServer postgresql() {
    return started(postgresql, Component.POSTGRESQL);
  }

  /** openGauss's stand-in. */
  public SqlServer openGauss() {
    return started(openGauss, Component.OPENGAUSS);
  }

  /** The OceanBase seekdb server. */
  public OceanBaseServer oceanBase() {
    return started(oceanBase, Component.OCEANBASE);
  }

  /** The Weaviate server. */
  public WeaviateServer weaviate() {
    return started(weaviate, Component.WEAVIATE);
  }

  private static <T> T started(T component, Component name) {
    if (component == null) {
      throw new IllegalStateException(name + " is not part of this stack");
    }
    return component;
  }

  /** Where data and logs are. */
  public Path directory() {
    return directory;
  }

  /** What users connect to, by name. */
  Map<String, String> endpoints() {
    Map<String, String> endpoints = new LinkedHashMap<>();
    if (kafka != null) {
      endpoints.put("kafka", kafka.bootstrapServers());
    }
    if (connect != null) {
      endpoints.put("connect", connect.url());
    }
    if (milvus != null) {
      endpoints.put("milvus", milvus.uri());
      endpoints.put("milvus-login", milvus.user() + ":" + milvus.password());
    }
    if (milvusLite != null) {
      endpoints.put("milvus-lite", milvusLite.uri());
    }
    if (milvusLite2 != null) {
      endpoints.put("milvus-lite-2", milvusLite2.uri());
    }
    if (postgresql != null) {
      endpoints.put("postgresql", describe(postgresql.server()));
    }
    if (openGauss != null) {
      endpoints.put("opengauss", describe(openGauss));
    }
    if (oceanBase != null) {
      endpoints.put("oceanbase", describe(oceanBase.server()));
    }
    if (weaviate != null) {
      endpoints.put("weaviate", weaviate.url());
      endpoints.put("weaviate-grpc", weaviate.grpcAddress());
      endpoints.put("weaviate-api-key", weaviate.apiKey());
    }
    return endpoints;
  }

  private static String describe(SqlServer server) {
    return "%s:%d/%s user %s password %s"
        .formatted(
            server.host(), server.port(), server.database(), server.user(), server.password());
  }

  /** The processes that belong to the stack. */
  List<ManagedProcess> processes() {
    return java.util.stream.Stream.of(
            kafka == null ? null : kafka.process(),
            connect == null ? null : connect.process(),
            secondConnect == null ? null : secondConnect.process(),
            milvus == null ? null : milvus.process(),
            milvusLite == null ? null : milvusLite.process(),
            milvusLite2 == null ? null : milvusLite2.process(),
            postgresql == null ? null : postgresql.process(),
            oceanBase == null ? null : oceanBase.process(),
            weaviate == null ? null : weaviate.process())
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  private void stopAll() {
    while (true) {
      Runnable stop;
      synchronized (stops) {
        stop = stops.poll();
      }
      if (stop == null) {
        return;
      }
      stop.run();
    }
  }

  /** Ends every service, and removes the temporary folder. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is going down, and the hook is at work
    }
    end();
  }

  private void end() {
    stopAll();
    if (temporary) {
      try {
        Folders.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
