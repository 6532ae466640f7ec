package io.vectorconnect.milvus;

import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.vectorconnect.milvus.MilvusException.Kind;

/** Sorts Milvus's two kinds of errors: gRPC's own, and the status inside an answer. */
public final class MilvusErrors {
  // Codes of Milvus's merr package, the same from 2.3 on.
  private static final int SERVICE_NOT_READY = 1;
  private static final int SERVICE_UNAVAILABLE = 2;
  private static final int MEMORY_LIMIT_EXCEEDED = 3;
  private static final int REQUEST_LIMIT_EXCEEDED = 4;
  private static final int DISK_LIMIT_EXCEEDED = 7;
  private static final int SERVICE_RATE_LIMIT = 8;
  private static final int QUOTA_EXCEEDED = 9;
  private static final int TIME_TICK_LONG_DELAY = 11;
  private static final int NODE_OFFLINE = 12;
  private static final int COLLECTION_NOT_FOUND = 100;
  private static final int COLLECTION_NOT_LOADED = 101;
  private static final int COLLECTION_NOT_FULLY_LOADED = 103;
  private static final int DATABASE_NOT_FOUND = 800;
  private static final int PARAMETER_INVALID = 1100;
  private static final int PARAMETER_MISSING = 1101;
  private static final int NOT_AUTHENTICATED = 1400;
  private static final int NOT_PERMITTED = 1401;

  private MilvusErrors() {}

  static MilvusException of(String action, StatusRuntimeException e) {
    String detail = String.valueOf(e.getStatus().getDescription());
    Kind kind =
        switch (e.getStatus().getCode()) {
          // INTERNAL and ABORTED are what is left of a stream when its server dies.
          case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, ABORTED -> Kind.UNREACHABLE;
          case RESOURCE_EXHAUSTED -> isRateLimit(detail) ? Kind.BUSY : Kind.TOO_LARGE;
          case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
          default -> isStarting(detail) ? Kind.BUSY : Kind.REFUSED;
        };
    return new MilvusException(
        kind, "%s: %s: %s".formatted(action, e.getStatus().getCode(), told(detail, e)), e);
  }

  /** The text without the layers of the channel, and what lies behind it. */
  private static String told(String detail, StatusRuntimeException e) {
    String text = detail.lines().findFirst().orElse("");
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null
        ? text
        : "%s (%s)".formatted(text, cause.getMessage());
  }

  /** Throws what the status of an answer says, unless it says success. */
  @SuppressWarnings("deprecation") // 2.2 and 2.3 fill in the old code, later servers the new one
  public static void check(String action, Status status) {
    if (status.getCode() == 0 && status.getErrorCodeValue() == 0) {
      return;
    }
    String reason = status.getReason();
    Kind kind =
        switch (status.getCode()) {
          case COLLECTION_NOT_FOUND -> Kind.NO_COLLECTION;
          case COLLECTION_NOT_LOADED, COLLECTION_NOT_FULLY_LOADED -> Kind.NOT_LOADED;
          case DATABASE_NOT_FOUND -> Kind.NO_DATABASE;
          case SERVICE_NOT_READY,
              SERVICE_UNAVAILABLE,
              MEMORY_LIMIT_EXCEEDED,
              REQUEST_LIMIT_EXCEEDED,
              DISK_LIMIT_EXCEEDED,
              SERVICE_RATE_LIMIT,
              QUOTA_EXCEEDED,
              TIME_TICK_LONG_DELAY,
              NODE_OFFLINE ->
              Kind.BUSY;
          case PARAMETER_INVALID, PARAMETER_MISSING -> Kind.INVALID;
          case NOT_AUTHENTICATED, NOT_PERMITTED -> Kind.DENIED;
          default -> byReason(status, reason);
        };
    throw new MilvusException(
        kind, "%s: %s (code %d)".formatted(action, reason, status.getCode()), null);
  }

  private static Kind byReason(Status status, String reason) {
    if (reason.contains("message larger than max") || reason.contains("ResourceExhausted")) {
      return Kind.TOO_LARGE;
    }
    if (reason.contains("collection not loaded")) {
      return Kind.NOT_LOADED;
    }
    return status.getRetriable() || isStarting(reason) || isRateLimit(reason)
        ? Kind.BUSY
        : Kind.REFUSED;
  }

  /** 2.3 answers so, under gRPC's UNKNOWN and other codes, until all its parts are there. */
  private static boolean isStarting(String reason) {
    return reason.contains("service unavailable")
        || reason.contains("not ready")
        || reason.contains("not healthy");
  }

  private static boolean isRateLimit(String reason) {
    return reason.contains("rate limit") || reason.contains("quota");
  }
}
