package io.vectorconnect.config;

import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** States in the log, when a connector starts, that its connection is not encrypted. */
public final class EncryptionNotice {
  private static final Logger log = LoggerFactory.getLogger(EncryptionNotice.class);

  private EncryptionNotice() {}

  /**
   * Logs it, where it is so.
   *
   * @param server the host, or another address without a password
   * @param key the key that decides about encryption
   * @param value its value: an address that begins with its scheme, or a mode as of libpq
   */
  public static void log(String server, String key, String value) {
    text(server, key, value).ifPresent(text -> log.warn("{}", text));
  }

  static Optional<String> text(String server, String key, String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://")) {
      return Optional.of(notice(server, "is not encrypted", "write https:// in " + key));
    }
    return switch (lower) {
      case "disable" ->
          Optional.of(notice(server, "is not encrypted", "set %s=verify-full".formatted(key)));
      case "allow", "prefer" ->
          Optional.of(
              notice(
                  server,
                  "is encrypted only if the server offers it",
                  "set %s=verify-full".formatted(key)));
      default -> Optional.empty();
    };
  }

  private static String notice(String server, String how, String remedy) {
    return "The connection to %s %s: passwords and rows can be read on the way. To encrypt it, %s"
        .formatted(server, how, remedy);
  }
}
