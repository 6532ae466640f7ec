package io.vectorconnect.it;

import io.vectorconnect.localstack.ConnectRest;
import io.vectorconnect.localstack.StackException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Waits for what a running connector brings about. */
final class Await {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Await() {}

  /** Waits until the condition holds; fails when one of the connectors does, or in time. */
  static void until(String what, Callable<Boolean> condition, String... connectors)
      throws Exception {
    until(what, condition, Stack.connect(), connectors);
  }

  /** The same with the connectors of another worker. */
  static void until(
      String what, Callable<Boolean> condition, ConnectRest worker, String... connectors)
      throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      for (String connector : connectors) {
        List<String> failures = failures(worker, connector);
        if (!failures.isEmpty()) {
          throw new AssertionError(connector + " failed while waiting: " + failures.get(0));
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      Thread.sleep(100);
    }
  }

  /** A worker that has just started does not know its connectors at once. */
  static List<String> failures(ConnectRest worker, String connector) {
    try {
      return worker.failures(connector);
    } catch (StackException e) {
      if (e.getMessage().contains(" answered 404: ")) {
        return List.of();
      }
      throw e;
    }
  }
}
