package io.vectorconnect.it;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.ConnectWorker;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.WeaviateServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One stack for all test classes of a run, with the services that they name; at its end, writes
 * down what was sent to openGauss.
 */
public final class Stack implements BeforeAllCallback, ExecutionCondition {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final Pattern OPENGAUSS_STATEMENT =
      Pattern.compile("(?:OPENGAUSS driver, unknown|\\w+ driver, OPENGAUSS) dialect: (.*)");

  private static final String COMMON_CONVERTERS =
      "common-converters-%s.jar".formatted(ConnectorVersion.get());

  /** What starts when a test first asks for it: it takes memory, and few tests need it. */
  private static final Set<Component> LATER =
      EnumSet.of(Component.WEAVIATE, Component.MILVUS_LITE, Component.MILVUS_LITE_2);

  /** The modules that make a plugin folder. */
  static final List<String> PLUGINS =
      List.of(
          "milvus-source-connector",
          "weaviate-source-connector",
          "milvus-sink-connector",
          "datavec-sink-connector",
          "oceanbase-sink-connector",
          "oceanbase-source-connector",
          "file-connectors",
          "transforms");

  private static LocalStack stack;
  private static ConnectWorker mortalWorker;
  private static LocalStack weaviate;
  private static LocalStack milvusLite;
  private static Optional<RunningMilvus> runningMilvus = Optional.empty();

  static LocalStack get() {
    return stack;
  }

  /** The Milvus of most tests: the stack's, or the one that {@code -Dstack.milvus} names. */
  static MilvusAddress milvus() {
    return runningMilvus
        .map(RunningMilvus::address)
        .orElseGet(() -> MilvusAddress.of(stack.milvus()));
  }

  /** Weaviate, which starts when a test first asks for it. */
  static synchronized WeaviateServer weaviate() {
    if (weaviate == null) {
      weaviate =
          LocalStack.builder()
              .components(Component.WEAVIATE)
              .progress(line -> System.out.println("local-stack: " + line))
              .start();
    }
    return weaviate.weaviate();
  }

  /** Both kinds of Milvus Lite, which start when a test first asks for them. */
  static synchronized LocalStack milvusLite() {
    if (milvusLite == null) {
      milvusLite =
          LocalStack.builder()
              .components(Component.MILVUS_LITE, Component.MILVUS_LITE_2)
              .progress(line -> System.out.println("local-stack: " + line))
              .start();
    }
    return milvusLite;
  }

  /** A worker for tests that kill it, while others work with {@link #connect()}. */
  static synchronized ConnectWorker mortalWorker() {
    if (mortalWorker == null) {
      mortalWorker = stack.secondConnect();
    }
    return mortalWorker;
  }

  /** The REST interface of {@link #mortalWorker}. */
  static ConnectRest mortal() {
    return new ConnectRest(mortalWorker().url());
  }

  static ConnectRest connect() {
    return new ConnectRest(stack.connect().url());
  }

  /** The project's folder. */
  static Path root() {
    return ROOT;
  }

  /** Skips what would harm a Milvus that is not the stack's, or does not fit it. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Services services = context.getRequiredTestClass().getAnnotation(Services.class);
    return RunningMilvus.isGiven() && List.of(services.owned()).contains(Component.MILVUS)
        ? ConditionEvaluationResult.disabled(
            "needs a Milvus of its own: kills, restarts or configures it, reads its log, or needs"
                + " one version of it")
        : ConditionEvaluationResult.enabled("has its services");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, key -> start(), Running.class);
    if (context.getRequiredTestClass().getAnnotation(Services.class).mortalWorker()) {
      reviveWorker();
    }
  }

  /** A test that failed may have left it killed. */
  private static synchronized void reviveWorker() {
    if (!mortalWorker().isAlive()) {
      mortalWorker().start();
    }
  }

  private static Running start() {
    Set<Component> wanted = EnumSet.copyOf(PlannedServices.get());
    // Not when a test first asks for it: tests have time limits.
    if (wanted.contains(Component.WEAVIATE)) {
      LocalStack.installWeaviate(line -> System.out.println("local-stack: " + line));
    }
    if (wanted.contains(Component.MILVUS_LITE) || wanted.contains(Component.MILVUS_LITE_2)) {
      LocalStack.installMilvusLite(line -> System.out.println("local-stack: " + line));
    }
    wanted.removeAll(LATER);
    runningMilvus = RunningMilvus.open();
    if (runningMilvus.isPresent()) {
      wanted.remove(Component.MILVUS);
    }
    stack =
        LocalStack.builder()
            .components(wanted.toArray(Component[]::new))
            .pluginPath(pluginPath())
            .mongoDbConnector()
            .debezium(List.of(ROOT.resolve("common-converters/target/" + COMMON_CONVERTERS)))
            .workerOption(
                "-Dorg.slf4j.simpleLogger.log.io.vectorconnect.datavec.sink.Session=debug")
            .progress(line -> System.out.println("local-stack: " + line))
            .start();
    return new Running();
  }

  /** The folders that users drop into {@code plugin.path}. */
  static List<Path> pluginPath() {
    return PLUGINS.stream().map(name -> ROOT.resolve(name + "/target/" + name)).toList();
  }

  /** Lives from the first test class to the end of the run. */
  static final class Running implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Path target = ROOT.resolve("integration-tests/target");
      Set<String> statements = new TreeSet<>();
      collect(target.resolve("tests.log"), statements);
      if (PlannedServices.get().contains(Component.CONNECT)) {
        collect(stack.connect().log(), statements);
        copy(stack.connect().log(), target.resolve("connect.log"));
      }
      Files.write(target.resolve("opengauss-statements.sql"), statements);
      if (mortalWorker != null) {
        copy(mortalWorker.log(), target.resolve("connect-mortal.log"));
      }
      runningMilvus.ifPresent(RunningMilvus::close);
      stack.close();
      if (weaviate != null) {
        weaviate.close();
      }
      if (milvusLite != null) {
        milvusLite.close();
      }
    }

    private static void copy(Path log, Path to) throws IOException {
      Files.copy(log, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void collect(Path log, Set<String> statements) throws IOException {
      if (!Files.exists(log)) {
        return; // no sink ran in this process
      }
      try (Stream<String> lines = Files.lines(log)) {
        lines
            .map(OPENGAUSS_STATEMENT::matcher)
            .filter(Matcher::find)
            .forEach(match -> statements.add(match.group(1)));
      }
    }
  }
}
