package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.MilvusServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Whether a scan of ten times the rows takes ten times as long: offset paging would take 100. */
final class MilvusSourceGrowth implements Benchmark {
  private static final int TIMES = 10;
  private static final String SMALL = "benchmark_small";
  private static final String LARGE = "benchmark_large";

  @Override
  public String name() {
    return "milvus-source-growth";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.MILVUS);
  }

  @Override
  public List<String> connectors() {
    return List.of();
  }

  /** The raw path is our scan of a tenth of the rows. */
  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    MilvusServer server = bench.stack().milvus();
    int tenth = Math.max(1, options.rows() / TIMES);
    MilvusSource.filled(server, SMALL, tenth, options.dimension()).close();
    MilvusSource.filled(server, LARGE, tenth * TIMES, options.dimension()).close();
    return new Rounds() {
      @Override
      public Duration raw(int round) throws Exception {
        return MilvusSource.scan(server, SMALL, tenth, options);
      }

      @Override
      public Duration ours(int round) throws Exception {
        return MilvusSource.scan(server, LARGE, tenth * TIMES, options);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void run(Options options, Rounds rounds) throws Exception {
    new Comparison(name(), options).runGrowth(rounds, TIMES);
  }
}
