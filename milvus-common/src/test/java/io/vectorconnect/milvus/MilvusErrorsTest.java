package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.milvus.grpc.ErrorCode;
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

  /** Reasons as 2.3.5 gave them, or as the source of later versions has them. */
  @ParameterizedTest
  @CsvSource({
    "1, service not ready, BUSY",
    "2, service unavailable, BUSY",
    "3, memory limit exceeded, BUSY",
    "7, disk limit exceeded, BUSY",
    "8, rate limit exceeded, BUSY",
    "9, quota exceeded, BUSY",
    "11, time tick long delay, BUSY",
    "12, node offline, BUSY",
    "12, service resource insufficient, BUSY",
    "100, collection not found, NO_COLLECTION",
    "101, collection not loaded, NOT_LOADED",
    "102, exceeded the limit number of collections[limit=64], BUSY",
    "103, collection not fully loaded, NOT_LOADED",
    "105, illegal collection schema, INVALID",
    "106, collection on recovering, BUSY",
    "201, partition not loaded, NOT_LOADED",
    "202, partition not fully loaded, NOT_LOADED",
    "250, general capacity exceeded, BUSY",
    "401, replica not available, BUSY",
    "501, channel lacks, BUSY",
    "503, channel not available, BUSY",
    "602, segment lacks, BUSY",
    "800, database not found, NO_DATABASE",
    "801, exceeded the limit number of database, BUSY",
    "901, node not found, BUSY",
    "902, node offline, BUSY",
    "903, node lacks, BUSY",
    "904, node not match, BUSY",
    "905, node not available, BUSY",
    "1001, IO failed: json: cannot unmarshal array into Go value, INVALID",
    "1001, IO failed, REFUSED",
    "1100, invalid parameter, INVALID",
    "1101, missing parameter, INVALID",
    "1102, parameter too large, TOO_LARGE",
    "1400, not authenticated, DENIED",
    "1401, permission deny, DENIED",
    "1700, field not found, INVALID",
    "1701, field name invalid[field=like], INVALID",
    "1800, user hasn't authenticated, DENIED",
    "10001, context deadline exceeded, BUSY",
    "65535, multiple vector fields is not supported, REFUSED",
    "65535, cannot set json key to: $meta, INVALID",
    "65535, unexpected end of JSON input, INVALID",
    "65535, exceeded the limit number of partitions, BUSY",
    "65535, the proxy is not healthy, BUSY",
    "65535, permission deny, DENIED",
    "4711, something that later versions may say, REFUSED"
  })
  void theStatusOfAnAnswer(int code, String reason, Kind kind) {
    assertThat(thrownFor(status(code, reason).build()))
        .hasMessage("trying: %s (code %d)", reason, code)
        .extracting(MilvusException::kind)
        .isEqualTo(kind);
  }

  /** Code 4 is the number of error_code CollectionNotExists, and "too many requests". */
  @Test
  @SuppressWarnings("deprecation")
  void aMissingCollectionIsToldByTheErrorCodeAsWell() {
    io.milvus.grpc.Status.Builder missing =
        status(0, "collection not found").setErrorCode(ErrorCode.CollectionNotExists);
    assertThat(thrownFor(missing.build()))
        .hasMessage("trying: collection not found (error_code 4)")
        .extracting(MilvusException::kind)
        .isEqualTo(Kind.NO_COLLECTION);
    assertThat(thrownFor(missing.setCode(4).build()).kind()).isEqualTo(Kind.NO_COLLECTION);
    assertThat(thrownFor(missing.setCode(65535).build()).kind()).isEqualTo(Kind.NO_COLLECTION);
    io.milvus.grpc.Status tooMany =
        status(4, "too many concurrent requests, queue is full")
            .setErrorCode(ErrorCode.UnexpectedError)
            .setRetriable(true)
            .build();
    assertThat(thrownFor(tooMany).kind()).isEqualTo(Kind.BUSY);
  }

  @ParameterizedTest
  @CsvSource({
    "PermissionDenied, DENIED",
    "IllegalArgument, INVALID",
    "NotReadyServe, BUSY",
    "RateLimit, BUSY",
    "ForceDeny, BUSY",
    "MemoryQuotaExhausted, BUSY",
    "UnexpectedError, REFUSED"
  })
  @SuppressWarnings("deprecation")
  void serversWithoutCodesTellByTheErrorCode(ErrorCode code, Kind kind) {
    assertThat(thrownFor(status(0, "why").setErrorCode(code).build()).kind()).isEqualTo(kind);
  }

  @Test
  void whatTheServerCallsRetriableIsTriedAgain() {
    assertThat(thrownFor(status(4711, "new").setRetriable(true).build()).kind())
        .isEqualTo(Kind.BUSY);
  }

  @Test
  void aRequestThatTheServerDoesNotKnowIsToldApart() {
    assertThat(thrownFor(status(10, "service unimplemented").build()).isUnimplemented()).isTrue();
    assertThat(thrownFor(status(65535, "no").build()).isUnimplemented()).isFalse();
    assertThat(
            MilvusErrors.of("trying", Status.UNIMPLEMENTED.asRuntimeException()).isUnimplemented())
        .isTrue();
  }

  private static io.milvus.grpc.Status.Builder status(int code, String reason) {
    return io.milvus.grpc.Status.newBuilder().setCode(code).setReason(reason);
  }

  private static MilvusException thrownFor(io.milvus.grpc.Status status) {
    return catchThrowableOfType(MilvusException.class, () -> MilvusErrors.check("trying", status));
  }

  @Test
  void successIsNoError() {
    MilvusErrors.check("trying", io.milvus.grpc.Status.getDefaultInstance());
  }
}
