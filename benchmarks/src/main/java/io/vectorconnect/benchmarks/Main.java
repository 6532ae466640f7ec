package io.vectorconnect.benchmarks;

import io.vectorconnect.benchmarks.DataVecSink.Load;
import io.vectorconnect.benchmarks.OceanBaseSource.Raw;
import io.vectorconnect.localstack.LocalStack;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The command {@code benchmarks/run}: project folder, name, options. */
public final class Main {
  /** What Kafka's own script starts a worker with. */
  private static final List<String> KAFKAS_OPTIONS =
      List.of(
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent");

  private static final List<Benchmark> ALL =
      List.of(
          new DataVecSink(Load.APPEND),
          new DataVecSink(Load.UPSERT),
          new DataVecSink(Load.UPDATE),
          new OceanBaseSink(),
          new OceanBaseSource(Raw.EXACT),
          new OceanBaseSource(Raw.ROUNDED),
          new MilvusSink(),
          new MilvusSource(),
          new MilvusSourceGrowth(),
          new WeaviateSource(),
          new Hdf5Source());

  private Main() {}

  /** Runs one benchmark; the last line of the output is its ratio. */
  public static void main(String[] arguments) throws Exception {
    List<String> names = ALL.stream().map(Benchmark::name).toList();
    if (arguments.length < 2 || !names.contains(arguments[1])) {
      System.err.println("usage: benchmarks/run NAME " + Options.USAGE);
      System.err.println("names: " + String.join(" ", names));
      System.exit(2);
    }
    Options options = null;
    try {
      options = Options.parse(Arrays.asList(arguments).subList(2, arguments.length));
    } catch (Options.UsageException e) {
      System.err.println(e.getMessage() + "; options: " + Options.USAGE);
      System.exit(2);
    }
    run(Path.of(arguments[0]), ALL.get(names.indexOf(arguments[1])), options);
  }

  private static void run(Path root, Benchmark benchmark, Options options) throws Exception {
    LocalStack.Builder builder =
        LocalStack.builder()
            .components(benchmark.services().toArray(io.vectorconnect.localstack.Component[]::new))
            .pluginPath(
                benchmark.connectors().stream()
                    .map(module -> root.resolve(module).resolve("target").resolve(module))
                    .toList())
            .workerHeap(options.heap())
            .workerOption("-Xms" + options.heap()) // as KAFKA_HEAP_OPTS sets both
            .workerOption("-XX:-UseSerialGC") // that is for tests
            .workerProperty(
                "offset.flush.interval.ms", "60000") // Kafka's own; the stack's is short
            .progress(line -> System.out.println("local-stack: " + line));
    KAFKAS_OPTIONS.forEach(builder::workerOption);
    options.jvm().forEach(builder::workerOption);
    if (options.profile() != null) {
      builder.workerOption(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + options.profile());
    }
    try (LocalStack stack = builder.start();
        Benchmark.Rounds rounds = benchmark.prepare(new Bench(stack, options))) {
      benchmark.run(options, rounds);
    }
  }
}
