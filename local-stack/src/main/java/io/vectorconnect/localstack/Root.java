package io.vectorconnect.localstack;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Services do not run as root: where this is root, they run as an unprivileged user. PostgreSQL
 * insists on that, and of the others nobody has read what was downloaded.
 */
final class Root {
  private static final System.Logger LOG = System.getLogger(Root.class.getName());
  private static final String NOBODY = "65534";

  private Root() {}

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The command as it is, or under the unprivileged user where this is root. */
  static List<String> unprivileged(List<String> command) {
    if (!isRoot()) {
      return command;
    }
    List<String> dropped =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    dropped.addAll(command);
    return dropped;
  }

  /** Gives a folder, with all that is in it, to the user of {@link #unprivileged}. */
  static void giveAway(Path folder) {
    String owner = NOBODY + ":" + NOBODY;
    if (isRoot() && !succeeds(List.of("chown", "-R", owner, folder.toString()))) {
      throw new StackException("cannot give %s to user %s".formatted(folder, NOBODY));
    }
  }

  /**
   * The command of a service as {@link #unprivileged} has it, if that user can read the
   * installation and run the program. Otherwise it is the command as it is, and a line says so.
   */
  static List<String> service(String name, List<String> command, Path installation) {
    if (!isRoot()) {
      return command;
    }
    String program = command.get(0);
    boolean isPath = program.startsWith("/");
    if (succeeds(unprivileged(List.of("test", "-r", installation.toString())))
        && succeeds(
            unprivileged(
                isPath ? List.of("test", "-x", program) : List.of(program, "--version")))) {
      return unprivileged(command);
    }
    LOG.log(
        Level.WARNING,
        "{0} runs as root: user {1} cannot read {2} or run {3}",
        name,
        NOBODY,
        installation,
        program);
    return command;
  }

  private static boolean succeeds(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no setpriv
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while trying " + command.get(0), e);
    }
  }
}
