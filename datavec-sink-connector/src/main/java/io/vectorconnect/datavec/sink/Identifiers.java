package io.vectorconnect.datavec.sink;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;

/** Names on their way into SQL; every one of them passes here. */
final class Identifiers {
  /** NAMEDATALEN - 1 of both databases; a longer name would be cut, and could meet another one. */
  private static final int MAX_BYTES = 63;

  private Identifiers() {}

  static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new DataException("a table or column name is empty or contains a NUL character");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new DataException(
          "the name %s is longer than the %d bytes that the database keeps; rename it, or change"
                  .formatted(name, MAX_BYTES)
              + " table.name.format");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String list(Collection<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }
}
