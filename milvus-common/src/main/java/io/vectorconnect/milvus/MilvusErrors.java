package io.vectorconnect.milvus;

import io.grpc.StatusRuntimeException;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.Status;
import io.vectorconnect.milvus.MilvusException.Kind;
import java.util.regex.Pattern;

/**
 * Sorts Milvus's two kinds of errors: gRPC's own, and the status inside an answer. What a server
 * answers decides, never its version: see docs/decisions/0018.
 */
@SuppressWarnings("deprecation") // error_code is all that some servers fill in
public final class MilvusErrors {
  /** How servers put it that a JSON value is none that they take, under several codes. */
  private static final Pattern JSON =
      Pattern.compile(
          "json: |invalid character '|JSON input|cannot set json key|[Mm]ismatch(ed)? type"
              + "|Syntax error at index");

  private MilvusErrors() {}

  static MilvusException of(String action, StatusRuntimeException e) {
    String detail = String.valueOf(e.getStatus().getDescription());
    Kind kind =
        switch (e.getStatus().getCode()) {
          // INTERNAL and ABORTED are what is left of a stream when its server dies.
          case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, ABORTED -> Kind.UNREACHABLE;
          case RESOURCE_EXHAUSTED -> isLimit(detail) ? Kind.BUSY : Kind.TOO_LARGE;
          case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
          default -> byReason(detail, false);
        };
    return new MilvusException(
        kind, "%s: %s".formatted(action, ConnectionFailure.described(e, detail)), e);
  }

  /** Throws what the status of an answer says, unless it says success. */
  public static void check(String action, Status status) {
    if (status.getCode() == 0 && status.getErrorCodeValue() == 0) {
      return;
    }
    String reason = status.getReason();
    Kind kind =
        status.getCode() == 0
            ? byErrorCode(status.getErrorCode(), status)
            : byCode(status.getCode(), status);
    String message =
        "%s: %s (%s)"
            .formatted(
                action,
                ServerText.shown(reason),
                status.getCode() == 0
                    ? "error_code " + status.getErrorCodeValue()
                    : "code " + status.getCode());
    throw new MilvusException(kind, message, isUnimplemented(status));
  }

  /** Codes of Milvus's package {@code merr}, in its source under {@code pkg/util/merr}. */
  private static Kind byCode(int code, Status status) {
    return switch (code) {
      // Service: not ready, unavailable, no memory, (4) too many requests, no disk, rate, quota,
      // time tick behind; 12 is "node offline" before 2.5 and "resource insufficient" since.
      case 1, 2, 3, 7, 8, 9, 11, 12 -> Kind.BUSY;
      // 2.3 has answered with the number of error_code CollectionNotExists as code.
      case 4 -> isMissingCollection(status) ? Kind.NO_COLLECTION : Kind.BUSY;
      case 100 -> Kind.NO_COLLECTION;
      // Collection or partition not loaded, or not all of it.
      case 101, 103, 201, 202 -> Kind.NOT_LOADED;
      // Limits of what there may be: collections, capacity, resource groups, databases.
      case 102, 250, 302, 801 -> Kind.BUSY;
      // Collection recovering.
      case 106 -> Kind.BUSY;
      // Replica, channel, segment or node missing or not available.
      case 401, 501, 503, 602, 901, 902, 903, 904, 905 -> Kind.BUSY;
      case 800 -> Kind.NO_DATABASE;
      // Illegal schema, parameter invalid or missing, field not found, reserved or invalid name,
      // data of an insert.
      case 105, 1100, 1101, 1700, 1701, 1804 -> Kind.INVALID;
      case 1102 -> Kind.TOO_LARGE;
      // Not authenticated, not permitted, and the first once more for its HTTP interface.
      case 1400, 1401, 1800 -> Kind.DENIED;
      // The server's own request was canceled, or has timed out.
      case 10_000, 10_001 -> Kind.BUSY;
      default ->
          isMissingCollection(status)
              ? Kind.NO_COLLECTION
              : byReason(status.getReason(), status.getRetriable());
    };
  }

  private static boolean isMissingCollection(Status status) {
    return status.getErrorCode() == ErrorCode.CollectionNotExists;
  }

  /** What servers say that give no code. */
  private static Kind byErrorCode(ErrorCode code, Status status) {
    return switch (code) {
      case CollectionNotExists -> Kind.NO_COLLECTION;
      case PermissionDenied -> Kind.DENIED;
      case IllegalArgument, IllegalDimension -> Kind.INVALID;
      case NotReadyServe,
          NotReadyCoordActivating,
          RateLimit,
          ForceDeny,
          TimeTickLongDelay,
          NoReplicaAvailable,
          MemoryQuotaExhausted,
          DiskQuotaExhausted,
          InsufficientMemoryToLoad ->
          Kind.BUSY;
      default -> byReason(status.getReason(), status.getRetriable());
    };
  }

  private static Kind byReason(String reason, boolean retriable) {
    if (reason.contains("message larger than max") || reason.contains("ResourceExhausted")) {
      return Kind.TOO_LARGE;
    }
    if (reason.contains("collection not loaded")) {
      return Kind.NOT_LOADED;
    }
    if (reason.contains("permission deny") || reason.contains("auth check failure")) {
      return Kind.DENIED;
    }
    if (retriable || isStarting(reason) || isLimit(reason)) {
      return Kind.BUSY;
    }
    return JSON.matcher(reason).find() ? Kind.INVALID : Kind.REFUSED;
  }

  /** 2.3 answers so, under gRPC's UNKNOWN and other codes, until all its parts are there. */
  private static boolean isStarting(String reason) {
    return reason.contains("service unavailable")
        || reason.contains("not ready")
        || reason.contains("not healthy");
  }

  private static boolean isLimit(String reason) {
    return reason.contains("rate limit")
        || reason.contains("quota")
        || reason.contains("exceeded the limit number");
  }

  private static boolean isUnimplemented(Status status) {
    return status.getCode() == 10;
  }
}
