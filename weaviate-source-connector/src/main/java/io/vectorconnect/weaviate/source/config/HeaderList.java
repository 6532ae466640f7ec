package io.vectorconnect.weaviate.source.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * What goes into headers. It is checked before it is sent: the clients' own complaints would show
 * it.
 */
final class HeaderList {
  private static final String NAME = "[a-z0-9_.-]+";
  private static final String VALUE = "[ -~]*";

  /** Those that the clients set by themselves. */
  private static final Set<String> RESERVED =
      Set.of("connection", "content-length", "expect", "host", "upgrade", "te", "content-type");

  /** Of a token: it has no blanks and no line breaks, such as one at the end of its file. */
  static final ConfigDef.Validator TOKEN =
      ConfigDef.LambdaValidator.with(
          HeaderList::requireToken, () -> "printable ASCII without blanks");

  /** Of the list. */
  static final ConfigDef.Validator VALID =
      ConfigDef.LambdaValidator.with(
          (key, value) -> parse(((Password) value).value()), () -> "name:value,name:value");

  private HeaderList() {}

  private static void requireToken(String key, Object value) {
    if (value != null && !((Password) value).value().matches("[!-~]*")) {
      throw new ConfigException(
          key + " has a blank, a line break or a letter beyond ASCII in it; take it out");
    }
  }

  /**
   * Takes the list apart.
   *
   * @return values by names in lower case
   * @throws ConfigException when they cannot be sent; shows no value
   */
  static Map<String, String> parse(String list) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : list.split(",", -1)) {
      int colon = pair.indexOf(':');
      if (colon > 0) {
        String name = pair.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = pair.substring(colon + 1).strip();
        check(name, value);
        headers.put(name, value);
      } else if (!pair.isBlank()) {
        throw new ConfigException(WeaviateConnection.HEADERS + " must be name:value,name:value");
      }
    }
    return headers;
  }

  private static void check(String name, String value) {
    // gRPC keeps names with -bin for base64, and those with grpc- for itself.
    boolean sendable =
        name.matches(NAME)
            && !RESERVED.contains(name)
            && !name.endsWith("-bin")
            && !name.startsWith("grpc-");
    if (!sendable) {
      throw new ConfigException(
          WeaviateConnection.HEADERS + " has a name that cannot be sent, or is not for users");
    }
    if (!value.matches(VALUE)) {
      throw new ConfigException(
          WeaviateConnection.HEADERS + ": the value of " + name + " is not printable ASCII");
    }
  }
}
