package io.vectorconnect.localstack;

import java.util.ArrayList;
import java.util.List;

/** PostgreSQL refuses to run as root: its commands then go to an unprivileged user. */
final class Root {
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

  /** The command that gives a folder to the unprivileged user. */
  static List<String> giveAway(String folder) {
    return List.of("chown", "-R", NOBODY + ":" + NOBODY, folder);
  }
}
