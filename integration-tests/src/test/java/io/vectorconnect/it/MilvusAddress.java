package io.vectorconnect.it;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.vectorconnect.localstack.MilvusServer;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a Milvus is that tests work with.
 *
 * @param uri such as {@code http://127.0.0.1:19530}
 * @param token an API key, or user and password with a colon between; empty without login
 * @param database the tests' own on a server that is not
 */
record MilvusAddress(String uri, String token, String database) {
  private static final String DEFAULT_DATABASE = "default";

  /** A server of the stack. */
  static MilvusAddress of(MilvusServer server) {
    return new MilvusAddress(
        server.uri(), server.user() + ":" + server.password(), DEFAULT_DATABASE);
  }

  /** The same server behind another address. */
  MilvusAddress at(String otherUri) {
    return new MilvusAddress(otherUri, token, database);
  }

  /** Empty for an API key. */
  String user() {
    return token.contains(":") ? token.substring(0, token.indexOf(':')) : "";
  }

  /** Empty for an API key. */
  String password() {
    return token.substring(token.indexOf(':') + 1);
  }

  /** A connector's keys for it. */
  Map<String, String> keys() {
    Map<String, String> keys = new HashMap<>();
    keys.put("connection.uri", uri);
    if (!user().isEmpty()) {
      keys.put("connection.user", user());
      keys.put("connection.password", password());
    } else if (!token.isEmpty()) {
      keys.put("connection.token", token);
    }
    if (!database.equals(DEFAULT_DATABASE)) {
      keys.put("connection.database", database);
    }
    return keys;
  }

  /** Has an example, which names no database, work in the one of the tests. */
  void addDatabase(Map<String, String> config) {
    if (uri.equals(config.get("connection.uri")) && !database.equals(DEFAULT_DATABASE)) {
      config.put("connection.database", database);
    }
  }

  /** The vendor's client. */
  MilvusClientV2 client() {
    return new MilvusClientV2(
        ConnectConfig.builder()
            .uri(uri)
            .token(token.isEmpty() ? null : token)
            .dbName(database)
            .build());
  }
}
