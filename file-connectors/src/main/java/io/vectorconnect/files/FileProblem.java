package io.vectorconnect.files;

import java.io.Serial;
import org.apache.kafka.connect.errors.ConnectException;

/** A file that cannot be read as configured; names the file, and the place in it. */
public class FileProblem extends ConnectException {
  @Serial private static final long serialVersionUID = 1;

  private final String key;

  /**
   * A problem.
   *
   * @param key the configuration key that it is about
   * @param message what was expected, what came, and what to do
   */
  public FileProblem(String key, String message) {
    super(message);
    this.key = key;
  }

  /** A problem with a cause. */
  public FileProblem(String key, String message, Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  /** The configuration key that this is about. */
  public String key() {
    return key;
  }
}
