package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.config.WeaviateConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The headers of every request: the user's own, and the login. */
final class Credentials {
  private static final String AUTHORIZATION = "authorization";

  /** A token is renewed so long before it ends, or in the last third of a short life. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** When an issuer that does not answer is asked again, while the old token is good. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Map<String, String> headers;
  private final Optional<OidcLogin> login;
  private String bearer;

  /** By {@link System#nanoTime}; of tokens that are asked for only. */
  private long renewal;

  private long end;

  Credentials(WeaviateConnection connection, HttpCalls weaviate) {
    this.headers = connection.headers();
    this.login =
        connection.oidcClientSecret().isEmpty()
            ? Optional.empty()
            : Optional.of(new OidcLogin(connection, weaviate));
    this.bearer = login.isPresent() ? "" : connection.token();
  }

  /**
   * The headers of a request that is made now.
   *
   * @throws WeaviateException when the issuer gives no token
   */
  synchronized Map<String, String> headers() {
    login.ifPresent(this::renewInTime);
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (!bearer.isEmpty()) {
      all.put(AUTHORIZATION, "Bearer " + bearer);
    }
    return all;
  }

  private void renewInTime(OidcLogin issuer) {
    if (!bearer.isEmpty() && System.nanoTime() - renewal < 0) {
      return;
    }
    long now = System.nanoTime();
    try {
      OidcLogin.Token token = issuer.token(headers);
      Duration third = token.life().dividedBy(3);
      bearer = token.text();
      end = now + token.life().toNanos();
      renewal = end - (third.compareTo(MARGIN) < 0 ? third : MARGIN).toNanos();
    } catch (WeaviateException e) {
      boolean stillGood = !bearer.isEmpty() && System.nanoTime() - end < 0;
      if (!stillGood || !e.kind().isTransient()) {
        throw e;
      }
      renewal = System.nanoTime() + AGAIN.toNanos();
    }
  }

  /**
   * Whether another token may do better than one that was refused: it can end early by the server's
   * clock.
   *
   * @param refused the headers that were refused
   */
  synchronized boolean renew(Map<String, String> refused) {
    if (login.isEmpty()) {
      return false;
    }
    if (("Bearer " + bearer).equals(refused.get(AUTHORIZATION))) {
      bearer = "";
    }
    return true;
  }
}
