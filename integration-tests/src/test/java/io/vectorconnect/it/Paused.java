package io.vectorconnect.it;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that was stopped by SIGSTOP: its connections stay open, and nothing answers. */
final class Paused implements AutoCloseable {
  private final long pid;

  private Paused(long pid) {
    this.pid = pid;
  }

  static Paused process(long pid) {
    signal("-STOP", pid);
    Paused paused = new Paused(pid);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (paused.runs() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return paused;
  }

  /** Whether any thread has not stopped yet, which takes a while on a busy machine. */
  private boolean runs() {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", name, Long.toString(pid)).inheritIO().start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("kill %s %d failed".formatted(name, pid));
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets it go on. */
  @Override
  public void close() {
    signal("-CONT", pid);
  }
}
