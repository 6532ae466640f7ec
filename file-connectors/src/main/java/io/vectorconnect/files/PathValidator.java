package io.vectorconnect.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Accepts the path of a file or folder, whether it exists or not. */
public final class PathValidator implements ConfigDef.Validator {
  private final boolean mayBeEmpty;

  private PathValidator(boolean mayBeEmpty) {
    this.mayBeEmpty = mayBeEmpty;
  }

  /** Of a key that must have a path. */
  public static PathValidator required() {
    return new PathValidator(false);
  }

  /** Of a key that may be empty. */
  public static PathValidator optional() {
    return new PathValidator(true);
  }

  @Override
  public void ensureValid(String key, Object value) {
    String text = value == null ? "" : value.toString();
    if (text.isEmpty()) {
      if (!mayBeEmpty) {
        throw new ConfigException(key, value, "must be a " + this);
      }
      return;
    }
    try {
      Path ignored = Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException(key, value, "must be a %s: %s".formatted(this, e.getReason()));
    }
  }

  @Override
  public String toString() {
    return "path of a file or folder";
  }
}
