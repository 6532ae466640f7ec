package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.shaded.io.grpc.Status;
import io.vectorconnect.milvus.MilvusException.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilvusErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, io exception, UNREACHABLE",
    "DEADLINE_EXCEEDED, , UNREACHABLE",
    "INTERNAL, Received unexpected EOS, UNREACHABLE",
    "UNKNOWN, service unavailable: internal: Milvus Proxy is not ready yet. please wait, BUSY",
    "UNKNOWN, something else, REFUSED",
    "RESOURCE_EXHAUSTED, grpc: received message larger than max (82 vs. 67), TOO_LARGE",
    "RESOURCE_EXHAUSTED, request is rejected by grpc RateLimiter: rate limit exceeded, BUSY",
    "UNAUTHENTICATED, auth check failure, DENIED",
    "PERMISSION_DENIED, , DENIED"
  })
  void gRpcsOwnErrors(Status.Code code, String description, Kind kind) {
    MilvusException error =
        MilvusErrors.of(
            "trying", code.toStatus().withDescription(description).asRuntimeException());
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error).hasMessageStartingWith("trying: " + code);
  }

  @Test
  void whatLiesBehindIsToldInOneLine() {
    MilvusException error =
        MilvusErrors.of(
            "trying",
            Status.UNAVAILABLE
                .withDescription("io exception\nChannel Pipeline: [SslHandler#0]")
                .withCause(new IOException("Connection refused"))
                .asRuntimeException());
    assertThat(error).hasMessage("trying: UNAVAILABLE: io exception (Connection refused)");
  }

  @ParameterizedTest
  @CsvSource({
    "1, service not ready, BUSY",
    "8, rate limit exceeded, BUSY",
    "9, quota exceeded, BUSY",
    "100, collection not found, NO_COLLECTION",
    "101, collection not loaded, NOT_LOADED",
    "800, database not found, NO_DATABASE",
    "1100, invalid parameter, INVALID",
    "1401, permission deny, DENIED",
    "65535, multiple vector fields is not supported, REFUSED",
    "65535, the proxy is not healthy, BUSY"
  })
  void theStatusOfAnAnswer(int code, String reason, Kind kind) {
    io.milvus.grpc.Status status =
        io.milvus.grpc.Status.newBuilder().setCode(code).setReason(reason).build();
    assertThatThrownBy(() -> MilvusErrors.check("trying", status))
        .isInstanceOfSatisfying(
            MilvusException.class, error -> assertThat(error.kind()).isEqualTo(kind))
        .hasMessage("trying: %s (code %d)", reason, code);
  }

  @Test
  void successIsNoError() {
    MilvusErrors.check("trying", io.milvus.grpc.Status.getDefaultInstance());
  }
}
