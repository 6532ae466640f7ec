package io.vectorconnect.it;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.WeaviateServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One stack for all test classes; at its end, writes down what was sent to openGauss. */
public final class Stack implements BeforeAllCallback {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final Pattern OPENGAUSS_STATEMENT =
      Pattern.compile("(?:OPENGAUSS driver, unknown|\\w+ driver, OPENGAUSS) dialect: (.*)");

  private static final String COMMON_CONVERTERS =
      "common-converters-%s.jar".formatted(ConnectorVersion.get());

  private static final Set<Component> LITE =
      EnumSet.of(Component.MILVUS_LITE, Component.MILVUS_LITE_2);

  /** What starts with the first test. */
  private static final Set<Component> AT_ONCE = atOnce();

  private static LocalStack stack;
  private static LocalStack weaviate;
  private static LocalStack milvusLite;

  private static Set<Component> atOnce() {
    Set<Component> components = EnumSet.complementOf(EnumSet.copyOf(LITE));
    components.remove(Component.WEAVIATE);
    return components;
  }

  static LocalStack get() {
    return stack;
  }

  /**
   * Weaviate, which starts when a test first asks for it: it takes memory, and few tests need it.
   */
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
              .components(LITE.toArray(Component[]::new))
              .progress(line -> System.out.println("local-stack: " + line))
              .start();
    }
    return milvusLite;
  }

  static ConnectRest connect() {
    return new ConnectRest(stack.connect().url());
  }

  /** The project's folder. */
  static Path root() {
    return ROOT;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, key -> start(), Running.class);
  }

  private static Running start() {
    // Not when a test first asks for it: tests have time limits.
    LocalStack.installWeaviate(line -> System.out.println("local-stack: " + line));
    LocalStack.installMilvusLite(line -> System.out.println("local-stack: " + line));
    stack =
        LocalStack.builder()
            .components(AT_ONCE.toArray(Component[]::new))
            .pluginPath(
                List.of(
                    ROOT.resolve("milvus-source-connector/target/milvus-source-connector"),
                    ROOT.resolve("weaviate-source-connector/target/weaviate-source-connector"),
                    ROOT.resolve("milvus-sink-connector/target/milvus-sink-connector"),
                    ROOT.resolve("datavec-sink-connector/target/datavec-sink-connector"),
                    ROOT.resolve("oceanbase-sink-connector/target/oceanbase-sink-connector"),
                    ROOT.resolve("oceanbase-source-connector/target/oceanbase-source-connector"),
                    ROOT.resolve("file-connectors/target/file-connectors"),
                    ROOT.resolve("transforms/target/transforms")))
            .mongoDbConnector()
            .debezium(List.of(ROOT.resolve("common-converters/target/" + COMMON_CONVERTERS)))
            .workerOption(
                "-Dorg.slf4j.simpleLogger.log.io.vectorconnect.datavec.sink.Session=debug")
            .progress(line -> System.out.println("local-stack: " + line))
            .start();
    return new Running();
  }

  /** Lives from the first test class to the end of the run. */
  static final class Running implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Path target = ROOT.resolve("integration-tests/target");
      Set<String> statements = new TreeSet<>();
      for (Path log : List.of(target.resolve("tests.log"), stack.connect().log())) {
        collect(log, statements);
      }
      Files.write(target.resolve("opengauss-statements.sql"), statements);
      Files.copy(
          stack.connect().log(),
          target.resolve("connect.log"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      stack.close();
      if (weaviate != null) {
        weaviate.close();
      }
      if (milvusLite != null) {
        milvusLite.close();
      }
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
