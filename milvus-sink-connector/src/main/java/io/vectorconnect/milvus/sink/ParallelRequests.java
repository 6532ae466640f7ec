package io.vectorconnect.milvus.sink;

import io.vectorconnect.milvus.sink.row.Row;
import io.vectorconnect.sink.TransientWriteException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Writes parts of a batch at the same time: while the server stores one, it unpacks another. The
 * rows of a batch have different keys, or none, so that their order does not matter.
 */
final class ParallelRequests implements AutoCloseable {
  /** A smaller part is not worth a request of its own. */
  private static final long MIN_BYTES = 1 << 20;

  private final int inFlight;
  private final ExecutorService others =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "milvus-request");
            thread.setDaemon(true);
            return thread;
          });

  /** Writes some rows. */
  @FunctionalInterface
  interface Write {
    /** Writes the rows, or throws; rows leave the list as they are written or reported. */
    void write(List<Row> rows) throws TransientWriteException;
  }

  /**
   * An idle one.
   *
   * @param inFlight the greatest number of parts that are written at the same time
   */
  ParallelRequests(int inFlight) {
    this.inFlight = inFlight;
  }

  /**
   * Writes rows in parts, and waits for all of them.
   *
   * @param pending mutable; after an exception it holds just what is left to do
   * @throws TransientWriteException when trying again may help
   */
  void write(List<Row> pending, Write write) throws TransientWriteException {
    long bytes = pending.stream().mapToLong(Row::bytes).sum();
    int count = (int) Math.max(1, Math.min(Math.min(inFlight, pending.size()), bytes / MIN_BYTES));
    if (count == 1) {
      write.write(pending);
      return;
    }
    List<List<Row>> parts = split(pending, count);
    List<Future<Void>> futures = new ArrayList<>();
    for (List<Row> part : parts) {
      futures.add(
          others.submit(
              () -> {
                write.write(part);
                return null;
              }));
    }
    Throwable failure = null;
    for (Future<Void> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        failure = worse(failure, e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ConnectException("interrupted while a batch was being written", e);
      }
    }
    pending.clear();
    parts.forEach(pending::addAll);
    rethrow(failure);
  }

  private static List<List<Row>> split(List<Row> rows, int count) {
    List<List<Row>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) rows.size() * i / count);
      int to = (int) ((long) rows.size() * (i + 1) / count);
      parts.add(new ArrayList<>(rows.subList(from, to)));
    }
    return parts;
  }

  /** A failure that must not be retried takes precedence over one that may. */
  private static Throwable worse(Throwable one, Throwable other) {
    return one == null || one instanceof TransientWriteException ? other : one;
  }

  private static void rethrow(Throwable failure) throws TransientWriteException {
    if (failure instanceof TransientWriteException again) {
      throw again;
    }
    if (failure instanceof RuntimeException fatal) {
      throw fatal;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
