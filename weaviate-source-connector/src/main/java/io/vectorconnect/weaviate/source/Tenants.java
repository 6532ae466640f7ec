package io.vectorconnect.weaviate.source;

import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Activates tenants that are to be read, where that is allowed, and puts them back. */
final class Tenants {
  private static final Logger log = LoggerFactory.getLogger(Tenants.class);
  private static final String ACTIVE = "ACTIVE";

  private final RestClient client;
  private final boolean activate;
  private final Map<Scope, String> activated = new HashMap<>();

  Tenants(RestClient client, boolean activate) {
    this.client = client;
    this.activate = activate;
  }

  /** Whether a state is that of a tenant that can be read; servers tell the older name. */
  static boolean isActive(String state) {
    return state.equals(ACTIVE) || state.equals("HOT");
  }

  /** Reads, if need be after the tenant was activated. */
  <T> T active(Scope scope, Supplier<T> read) {
    try {
      return read.get();
    } catch (WeaviateException e) {
      if (e.kind() != Kind.INACTIVE || !activate || activated.containsKey(scope)) {
        throw e;
      }
    }
    String before = client.tenants(scope.collection()).getOrDefault(scope.tenant(), "COLD");
    client.tenant(scope, ACTIVE);
    activated.put(scope, before);
    log.info("Activated tenant {}, which was {}", scope, before);
    return read.get();
  }

  /** Puts a tenant back. */
  void release(Scope scope) {
    String before = activated.remove(scope);
    if (before != null) {
      client.tenant(scope, before);
      log.info("Put tenant {} back to {}", scope, before);
    }
  }

  /** Puts a tenant back, if the server lets it. */
  void releaseQuietly(Scope scope) {
    try {
      release(scope);
    } catch (WeaviateException e) {
      log.warn("Tenant {} stays active: {}", scope, e.getMessage());
    }
  }

  /** Puts back all. */
  void releaseAll() {
    List.copyOf(activated.keySet()).forEach(this::releaseQuietly);
  }
}
