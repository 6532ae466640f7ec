package io.vectorconnect.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The command: {@code up}, {@code down}, {@code status}. */
final class Main {
  private static final String USAGE =
      """
      usage: local-stack/run up [--components kafka,connect,milvus,postgresql,opengauss,oceanbase,weaviate,
                                              milvus_lite,milvus_lite_2]
                                [--plugin-path DIR,DIR] [--state DIR] [--milvus-log-in-kafka]
             local-stack/run status [--state DIR]
             local-stack/run down [--state DIR]
      """;

  private static final Duration START_LIMIT = Duration.ofMinutes(20);

  /** A second and a third Milvus are for who asks for them. */
  private static final Set<Component> DEFAULT =
      EnumSet.complementOf(EnumSet.of(Component.MILVUS_LITE, Component.MILVUS_LITE_2));

  private final List<String> arguments;
  private final State state;

  private Main(List<String> arguments) {
    this.arguments = arguments;
    this.state = new State(Path.of(option("--state").orElse(".local-stack")).toAbsolutePath());
  }

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 0) {
      System.err.print(USAGE);
      System.exit(2);
    }
    Main main = new Main(Arrays.asList(arguments));
    switch (arguments[0]) {
      case "up" -> main.up();
      case "down" -> main.down();
      case "status" -> main.status();
      case "supervise" -> main.supervise();
      default -> {
        System.err.print(USAGE);
        System.exit(2);
      }
    }
  }

  private Optional<String> option(String name) {
    int at = arguments.indexOf(name);
    return at < 0 || at + 1 >= arguments.size()
        ? Optional.empty()
        : Optional.of(arguments.get(at + 1));
  }

  /** Starts a supervisor that lives on, and shows its progress until the stack is ready. */
  private void up() throws IOException, InterruptedException {
    state.endLeftovers();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "supervise"));
    command.addAll(arguments.subList(1, arguments.size()));
    Files.createDirectories(state.folder());
    Process supervisor =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(state.log().toFile())
            .start();
    int shown = 0;
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!state.isReady() && supervisor.isAlive() && System.nanoTime() < deadline) {
      shown = show(shown);
      Thread.sleep(200);
    }
    show(shown);
    if (!state.isReady()) {
      supervisor.destroy();
      System.err.println("the stack did not start; see " + state.log());
      System.exit(1);
    }
    status();
  }

  private int show(int from) throws IOException {
    List<String> lines = Files.exists(state.log()) ? Files.readAllLines(state.log()) : List.of();
    lines.stream().skip(from).forEach(System.out::println);
    return lines.size();
  }

  private void supervise() throws IOException, InterruptedException {
    Component[] components =
        option("--components")
            .map(
                list ->
                    Arrays.stream(list.split(","))
                        .map(name -> Component.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toArray(Component[]::new))
            .orElse(DEFAULT.toArray(Component[]::new));
    List<Path> plugins =
        option("--plugin-path")
            .map(
                list ->
                    Arrays.stream(list.split(",")).map(p -> Path.of(p).toAbsolutePath()).toList())
            .orElse(List.of());
    LocalStack.Builder builder =
        LocalStack.builder()
            .components(components)
            .pluginPath(plugins)
            .progress(System.out::println);
    if (arguments.contains("--milvus-log-in-kafka")) {
      builder.milvusLogInKafka();
    }
    state.save(builder.start());
    Thread.currentThread().join(); // until SIGTERM, whose hook ends the stack
  }

  private void status() throws IOException {
    if (!state.isReady()) {
      System.out.println("no stack is up in " + state.folder());
      return;
    }
    state.describe().forEach(System.out::println);
  }

  private void down() throws IOException {
    state.endLeftovers();
    System.out.println("the stack is down");
  }
}
