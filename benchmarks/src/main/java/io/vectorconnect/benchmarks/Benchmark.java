package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.Component;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One name that can be run. A new one is a class that implements this, and a line in {@link Main}.
 */
interface Benchmark {
  /** What it is called on the command line. */
  String name();

  /** What it needs of local-stack. */
  Set<Component> services();

  /** The connector modules whose plugins the worker loads. */
  List<String> connectors();

  /** What is done once, before the rounds: making the rows, filling the topic. */
  Rounds prepare(Bench bench) throws Exception;

  /** Runs and compares the rounds; the last line printed is the ratio. */
  default void run(Options options, Rounds rounds) throws Exception {
    new Comparison(name(), options).run(rounds);
  }

  /** The two paths, which are run alternately. Each round begins from the same state. */
  interface Rounds extends AutoCloseable {
    /** Moves all rows by the store's own fastest path; gives the time that it took. */
    Duration raw(int round) throws Exception;

    /** Moves all rows by our path, and checks that they arrived; gives the time that it took. */
    Duration ours(int round) throws Exception;

    /** The same by what the vendor's client offers, where that is not the fastest path. */
    default Optional<Duration> vendor(int round) throws Exception {
      return Optional.empty();
    }

    @Override
    void close();
  }
}
