package io.vectorconnect.examples;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.localstack.SqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Migrates 3,000 real rows from Milvus to pgvector and to openGauss, and checks every one. */
final class Quickstart {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int QUERIES = 20;
  private static final int NEIGHBOURS = 10;

  private final Path root;
  private final long begin = System.nanoTime();

  private final boolean keep;

  private Quickstart(Path root, boolean keep) {
    this.root = root;
    this.keep = keep;
  }

  /**
   * Runs it; the arguments are the project's folder, and {@code --keep} to look around at the end.
   */
  public static void main(String[] arguments) throws Exception {
    boolean keep = List.of(arguments).contains("--keep");
    Quickstart quickstart = new Quickstart(Path.of(arguments[0]).toAbsolutePath(), keep);
    long differences = quickstart.run();
    System.exit(differences == 0 ? 0 : 1);
  }

  private void say(String line) {
    System.out.printf("[%5.1f s] %s%n", (System.nanoTime() - begin) / 1e9, line);
  }

  private long run() throws IOException, SQLException, InterruptedException {
    say("Starting Kafka, Kafka Connect, Milvus, PostgreSQL with pgvector, openGauss stand-in");
    try (LocalStack stack =
            LocalStack.builder()
                .components(
                    Component.CONNECT, Component.MILVUS, Component.POSTGRESQL, Component.OPENGAUSS)
                .pluginPath(
                    List.of(
                        root.resolve("milvus-source-connector/target/milvus-source-connector"),
                        root.resolve("datavec-sink-connector/target/datavec-sink-connector")))
                .progress(line -> say("  " + line))
                .start();
        MilvusSide milvus = new MilvusSide(stack.milvus());
        SqlSide pgvector = new SqlSide("pgvector", stack.postgresql().server());
        SqlSide openGauss = new SqlSide("openGauss stand-in", stack.openGauss())) {
      return migrate(stack, milvus, List.of(pgvector, openGauss));
    }
  }

  private long migrate(LocalStack stack, MilvusSide milvus, List<SqlSide> targets)
      throws IOException, SQLException, InterruptedException {
    List<DebianPackage> rows =
        new ArrayList<>(DebianPackage.read(root.resolve("examples/data/debian-packages.h5")));
    milvus.createCollection();
    milvus.insert(rows);
    say("Milvus holds %,d rows of examples/data/debian-packages.h5".formatted(milvus.count()));

    ConnectRest connect = new ConnectRest(stack.connect().url());
    Map<String, String> variables = variables(stack);
    for (String file :
        List.of(
            "milvus-to-pgvector/source.json",
            "milvus-to-pgvector/sink.json",
            "milvus-to-opengauss/sink.json")) {
      register(connect, file, variables);
    }
    await(connect, targets, rows.size());

    DebianPackage added = variation(rows);
    milvus.insert(List.of(added));
    rows.add(added);
    say("Wrote one more row to Milvus (id %d), while everything runs".formatted(added.id()));
    await(connect, targets, rows.size());

    long differences = 0;
    Map<Long, DebianPackage> source = milvus.read(MilvusSide.keys(1, added.id()));
    for (SqlSide target : targets) {
      differences += compare(source, target) + compareNeighbours(milvus, target, rows);
    }
    if (keep) {
      lookAround(stack);
    }
    System.out.printf("quickstart: %d rows migrated, %d differences%n", source.size(), differences);
    return differences;
  }

  private void lookAround(LocalStack stack) throws IOException {
    Path log = stack.connect().log();
    say("Everything is still up:");
    say("  connectors: curl %s/connectors?expand=status".formatted(stack.connect().url()));
    say("  worker's log: " + log);
    for (var side :
        Map.of("pgvector", stack.postgresql().server(), "openGauss stand-in", stack.openGauss())
            .entrySet()) {
      SqlServer server = side.getValue();
      say(
          "  %s: %s:%d, database %s, user %s, password %s, table debian_packages"
              .formatted(
                  side.getKey(),
                  server.host(),
                  server.port(),
                  server.database(),
                  server.user(),
                  server.password()));
    }
    say(
        "  Milvus: %s, user %s, password %s"
            .formatted(stack.milvus().uri(), stack.milvus().user(), stack.milvus().password()));
    say("Enter ends it");
    while (System.in.read() > '\n') {
      // the rest of the line
    }
  }

  private static Map<String, String> variables(LocalStack stack) {
    Map<String, String> variables = new HashMap<>();
    variables.put("MILVUS_URI", stack.milvus().uri());
    variables.put("MILVUS_USER", stack.milvus().user());
    variables.put("MILVUS_PASSWORD", stack.milvus().password());
    put(variables, "POSTGRESQL", stack.postgresql().server());
    put(variables, "OPENGAUSS", stack.openGauss());
    return variables;
  }

  private static void put(Map<String, String> variables, String prefix, SqlServer server) {
    variables.put(prefix + "_HOST", server.host());
    variables.put(prefix + "_PORT", Integer.toString(server.port()));
    variables.put(prefix + "_DATABASE", server.database());
    variables.put(prefix + "_USER", server.user());
    variables.put(prefix + "_PASSWORD", server.password());
  }

  private void register(ConnectRest connect, String file, Map<String, String> variables)
      throws IOException {
    String json = Files.readString(root.resolve("examples").resolve(file));
    Map<String, String> config = ConnectRest.config(json, variables);
    Map<String, List<String>> problems = connect.validate(config);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("examples/" + file + " is refused: " + problems);
    }
    connect.put(config.get("name"), config);
    say("Registered %s from examples/%s".formatted(config.get("name"), file));
  }

  /** A real row with another key: the neighbour of its original. */
  private static DebianPackage variation(List<DebianPackage> rows) {
    DebianPackage original = rows.get(rows.size() / 2);
    long id = rows.stream().mapToLong(DebianPackage::id).max().orElseThrow() + 1;
    return new DebianPackage(
        id,
        original.embedding(),
        original.name() + "-quickstart",
        original.section(),
        original.description(),
        original.installedSizeKib());
  }

  private void await(ConnectRest connect, List<SqlSide> targets, long rows)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    String shown = "";
    while (true) {
      boolean complete = true;
      StringBuilder progress = new StringBuilder();
      for (SqlSide target : targets) {
        long count = target.count();
        complete &= count == rows;
        progress.append("  %s: %,d of %,d rows".formatted(target.name(), count, rows));
      }
      if (!progress.toString().equals(shown)) {
        shown = progress.toString();
        say(shown);
      }
      if (complete) {
        return;
      }
      for (String connector : connect.connectors()) {
        List<String> failures = connect.failures(connector);
        if (!failures.isEmpty()) {
          throw new IllegalStateException(connector + " failed: " + failures.get(0));
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not all rows arrived in time:" + shown);
      }
      Thread.sleep(250);
    }
  }

  private long compare(Map<Long, DebianPackage> source, SqlSide target) throws SQLException {
    Map<Long, DebianPackage> rows = target.readAll();
    long differences = 0;
    for (DebianPackage row : source.values()) {
      DebianPackage copy = rows.remove(row.id());
      List<String> columns = copy == null ? List.of("missing") : row.differences(copy);
      if (!columns.isEmpty()) {
        differences++;
        say("  row %d on %s: %s".formatted(row.id(), target.name(), columns));
      }
    }
    differences += rows.size();
    say(
        "%s: %,d rows compared bit for bit, %d differences"
            .formatted(target.name(), source.size(), differences));
    return differences;
  }

  private long compareNeighbours(MilvusSide milvus, SqlSide target, List<DebianPackage> rows)
      throws SQLException {
    long differences = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = rows.get(i * rows.size() / QUERIES).embedding();
      List<Neighbour> expected = milvus.nearest(query, NEIGHBOURS);
      List<Neighbour> got = target.nearest(query, NEIGHBOURS);
      if (!Neighbour.same(expected, got)) {
        differences++;
        say("  query %d: Milvus %s, %s %s".formatted(i, expected, target.name(), got));
      }
    }
    say(
        "%s: %d nearest-neighbour queries give the same %d neighbours as Milvus, %d do not"
            .formatted(target.name(), QUERIES - differences, NEIGHBOURS, differences));
    return differences;
  }
}
