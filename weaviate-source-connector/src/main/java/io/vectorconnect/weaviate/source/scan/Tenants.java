package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.weaviate.source.client.RestClient;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Activates tenants that are to be read, where that is allowed, and puts them back. */
public final class Tenants {
  private static final Logger log = LoggerFactory.getLogger(Tenants.class);
  private static final String ACTIVE = "ACTIVE";

  private final RestClient client;
  private final boolean activate;
  private final Map<Scope, String> activated = new ConcurrentHashMap<>();

  public Tenants(RestClient client, boolean activate) {
    this.client = client;
    this.activate = activate;
  }

  /** Whether a state is that of a tenant that can be read; servers tell the older name. */
  public static boolean isActive(String state) {
    return state.equals(ACTIVE) || state.equals("HOT");
  }

  /** Reads, if need be after the tenant was activated. */
  <T> T active(Scope scope, Supplier<T> read) {
    try {
      return read.get();
    } catch (WeaviateException e) {
      if (e.kind() != Kind.INACTIVE || !activate) {
        throw e;
      }
    }
    activate(scope);
    try {
      return read.get();
    } catch (WeaviateException e) {
      if (e.kind() != Kind.INACTIVE) {
        throw e;
      }
      throw new WeaviateException(
          Kind.BUSY,
          "tenant %s is not active yet; an offloaded one is loaded first".formatted(scope),
          e);
    }
  }

  private void activate(Scope scope) {
    String state = client.tenants(scope.collection()).getOrDefault(scope.tenant(), "");
    if (state.isEmpty() || isActive(state) || isOnItsWay(state)) {
      return;
    }
    // Before the request: it may be done though its answer is lost.
    activated.putIfAbsent(scope, rest(state));
    try {
      client.tenant(scope, ACTIVE);
    } catch (WeaviateException e) {
      if (!e.kind().isTransient()) {
        activated.remove(scope);
      }
      throw e;
    }
    log.info("Activated tenant {}, which was {}", scope, state);
  }

  private static boolean isOnItsWay(String state) {
    return state.equals("ONLOADING") || state.equals("UNFREEZING");
  }

  /** The state to put a tenant back to: those in between are not for users to set. */
  private static String rest(String state) {
    return switch (state) {
      case "OFFLOADED", "OFFLOADING", "FROZEN", "FREEZING" -> "OFFLOADED";
      default -> "INACTIVE";
    };
  }

  /** Puts a tenant back. */
  void release(Scope scope) {
    String before = activated.get(scope);
    if (before != null) {
      client.tenant(scope, before); // if this fails, it is still to be done
      activated.remove(scope);
      log.info("Put tenant {} back to {}", scope, before);
    }
  }

  /** Puts a tenant back, if the server lets it. */
  void releaseQuietly(Scope scope) {
    try {
      release(scope);
    } catch (WeaviateException e) {
      log.warn(
          "Tenant {} stays active, set it to {} by hand: {}",
          scope,
          activated.get(scope),
          e.getMessage());
    }
  }

  /** Puts back all. */
  public void releaseAll() {
    List.copyOf(activated.keySet()).forEach(this::releaseQuietly);
  }
}
