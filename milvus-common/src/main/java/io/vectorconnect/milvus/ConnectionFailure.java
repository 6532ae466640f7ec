package io.vectorconnect.milvus;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Says why a server gave no answer, where gRPC says little more than UNAVAILABLE. */
final class ConnectionFailure {
  /** What gRPC's HTTP/2 client says of a server that speaks HTTP/1, or anything else. */
  private static final Pattern NOT_GRPC =
      Pattern.compile(
          "First received frame was not SETTINGS|Unexpected HTTP/1|invalid content-type"
              + "|HTTP status code");

  private static final Pattern NO_TLS = Pattern.compile("not an SSL/TLS record");

  /** How Netty begins what the system says. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private ConnectionFailure() {}

  /** The code, the text without the layers of the channel, and the cause. */
  static String described(StatusRuntimeException e, String detail) {
    String text = "%s: %s".formatted(e.getStatus().getCode(), text(e, detail));
    String cause = cause(e, detail);
    return cause.isEmpty() ? text : "%s (%s)".formatted(text, cause);
  }

  private static String text(StatusRuntimeException e, String detail) {
    if (e.getStatus().getCode() == Code.DEADLINE_EXCEEDED) {
      String missing = detail.contains("was_still_waiting") ? "connection" : "answer";
      return "no %s within %s".formatted(missing, MilvusConnection.TIMEOUT_MS);
    }
    return ServerText.shown(detail);
  }

  private static String cause(StatusRuntimeException e, String detail) {
    List<String> messages = new ArrayList<>(List.of(detail));
    for (Throwable next = e.getCause(); next != null; next = next.getCause()) {
      String message = String.valueOf(next.getMessage()).lines().findFirst().orElse("");
      if (next instanceof UnknownHostException) {
        return "unknown host: " + message;
      }
      if (next instanceof ConnectException || next instanceof NoRouteToHostException) {
        return SYSTEM_CALL.matcher(message).replaceFirst("");
      }
      messages.add(message);
    }
    if (messages.stream().anyMatch(NOT_GRPC.asPredicate())) {
      return "the server there does not speak gRPC; is this the port of Milvus?";
    }
    if (messages.stream().anyMatch(NO_TLS.asPredicate())) {
      return "the server there does not speak TLS; should the address begin with http?";
    }
    return messages.size() == 1 ? "" : messages.get(messages.size() - 1);
  }
}
