package io.vectorconnect.localstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A child process with a log file, ended by the handle that started it. */
final class ManagedProcess {
  private static final int TAIL = 2_000;

  private final String name;
  private final Process process;
  private final Path log;

  private ManagedProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a command; its output is appended to the log. */
  static ManagedProcess start(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new ManagedProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new StackException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Runs a command to its end. */
  static void run(String name, List<String> command, Path directory, Path log, Duration limit) {
    start(name, command, Map.of(), directory, log).awaitSuccess(limit);
  }

  /** Waits for the end, which must be one without error. */
  void awaitSuccess(Duration limit) {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        kill();
        throw failure("did not end within " + limit.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while running " + name, e);
    }
    if (process.exitValue() != 0) {
      throw failure("ended with status " + process.exitValue());
    }
  }

  String name() {
    return name;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Waits until {@code ready} answers true. */
  void await(Duration limit, BooleanSupplier ready) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw failure("ended with status " + process.exitValue());
      }
      if (System.nanoTime() > deadline) {
        throw failure("was not ready within " + limit.toSeconds() + " s");
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackException("interrupted while waiting for " + name, e);
      }
    }
  }

  private StackException failure(String what) {
    return new StackException("%s %s; see %s:%n%s".formatted(name, what, log, tail()));
  }

  private String tail() {
    try {
      String text = Files.readString(log, StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - TAIL));
    } catch (IOException e) {
      return "(the log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Asks the process and its children to end, and after a grace makes them. */
  void stop(Duration grace) {
    List<ProcessHandle> family = family();
    family.forEach(ProcessHandle::destroy);
    awaitExit(family, grace);
    kill(family);
  }

  /** Ends the process and its children at once, as a crash would. */
  void kill() {
    kill(family());
  }

  private List<ProcessHandle> family() {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(process.toHandle()), process.descendants())
        .toList();
  }

  private static void kill(List<ProcessHandle> family) {
    family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    awaitExit(family, Duration.ofSeconds(10));
  }

  private static void awaitExit(List<ProcessHandle> family, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    for (ProcessHandle member : family) {
      try {
        member.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return; // the caller goes on to harder means
      } catch (ExecutionException e) {
        throw new StackException("cannot wait for process " + member.pid(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
