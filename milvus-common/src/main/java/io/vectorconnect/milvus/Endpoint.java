package io.vectorconnect.milvus;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * The server that an address names.
 *
 * @param host a name, or an address; of IPv6 in brackets
 */
record Endpoint(String host, int port, boolean encrypted) {
  private static final int MILVUS = 19_530;
  private static final int HTTPS = 443;

  private static final List<String> ZILLIZ_CLOUD =
      List.of(".zillizcloud.com", ".zilliz.com", ".zilliz.com.cn");

  /**
   * Takes an address apart.
   *
   * @throws IllegalArgumentException when it is not {@code http://host:port} or {@code
   *     https://host:port}; the port may be left out
   */
  static Endpoint of(String address) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no address: " + e.getReason(), e);
    }
    boolean encrypted = "https".equals(uri.getScheme());
    if (!encrypted && !"http".equals(uri.getScheme())) {
      throw new IllegalArgumentException("must begin with http:// or https://");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("must not contain a user; use connection.user");
    }
    if (uri.getHost() == null) { // such as one with an underscore, which no certificate can name
      throw new IllegalArgumentException(
          "has no host and port that are valid; a host name has letters, digits, dots and hyphens");
    }
    int port = uri.getPort() < 0 ? MILVUS : uri.getPort();
    if (port == 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("has no valid port");
    }
    return new Endpoint(uri.getHost(), isServerless(uri.getHost()) ? HTTPS : port, encrypted);
  }

  /** Serverless clusters of Zilliz Cloud have one port, which users leave out or get wrong. */
  private static boolean isServerless(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return isZillizCloud(name) && (name.startsWith("in03-") || name.contains("serverless"));
  }

  /** Whether the address is one that Zilliz Cloud gives to its clusters. */
  boolean isZillizCloud() {
    return isZillizCloud(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isZillizCloud(String host) {
    return ZILLIZ_CLOUD.stream().anyMatch(host::endsWith);
  }
}
