package io.vectorconnect.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A small issuer of OIDC tokens for one client, with a key that it publishes. */
final class OidcIssuer implements AutoCloseable {
  static final String CLIENT = "vector-connect";
  static final String SECRET = "s3cret & more";
  static final String USER = "pipeline";

  private final KeyPair keys;
  private final HttpServer server;
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final List<String> gateHeaders = new CopyOnWriteArrayList<>();
  private volatile int lifeSeconds = 60;
  private volatile int toldSeconds = 60;
  private volatile int failures;
  private final AtomicInteger requests = new AtomicInteger();

  OidcIssuer() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext("/keys", exchange -> answer(exchange, 200, keySet()));
    server.createContext("/token", this::token);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How long tokens are good, and how long the issuer says they are. */
  void lives(int seconds, int told) {
    lifeSeconds = seconds;
    toldSeconds = told;
  }

  /** Answers so many times that it is busy. */
  void fail(int times) {
    failures = times;
  }

  int failuresLeft() {
    return failures;
  }

  /** All tokens that were given out. */
  List<String> tokens() {
    return tokens;
  }

  /** How many answers it gave, to anybody. */
  int requests() {
    return requests.get();
  }

  /** Headers X-Gate that came here: they were for Weaviate only. */
  List<String> gateHeaders() {
    return gateHeaders;
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        """
        {"issuer":"%1$s","jwks_uri":"%1$s/keys","token_endpoint":"%1$s/token",
         "authorization_endpoint":"%1$s/login","id_token_signing_alg_values_supported":["RS256"]}
        """
            .formatted(url()));
  }

  private String keySet() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return "{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"1\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(
            base64(unsigned(key.getModulus().toByteArray())),
            base64(key.getPublicExponent().toByteArray()));
  }

  private static byte[] unsigned(byte[] number) {
    return number[0] == 0 ? java.util.Arrays.copyOfRange(number, 1, number.length) : number;
  }

  private synchronized void token(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> fields = List.of(form.split("&"));
    if (failures > 0) {
      failures--;
      answer(exchange, 503, "busy");
    } else if (!fields.contains("grant_type=client_credentials")
        || !fields.contains("client_id=" + CLIENT)
        || !fields.contains("client_secret=s3cret+%26+more")) {
      answer(
          exchange, 401, "{\"error\":\"invalid_client\",\"error_description\":\"" + form + "\"}");
    } else {
      String token = jwt();
      tokens.add(token);
      answer(
          exchange,
          200,
          "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
              .formatted(token, toldSeconds));
    }
  }

  private String jwt() {
    long now = System.currentTimeMillis() / 1000;
    String payload =
        "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%d\"}"
            .formatted(url(), CLIENT, USER, now, now + lifeSeconds, tokens.size());
    String signed = text("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"1\"}") + "." + text(payload);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(String json) {
    return base64(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    requests.incrementAndGet();
    String gate = exchange.getRequestHeaders().getFirst("X-Gate");
    if (gate != null) {
      gateHeaders.add(gate);
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
