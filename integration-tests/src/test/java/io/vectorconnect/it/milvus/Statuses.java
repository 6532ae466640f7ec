package io.vectorconnect.it.milvus;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.Status;

/** Refusals as Milvus words them. */
@SuppressWarnings("deprecation") // servers fill in the old code, too
final class Statuses {
  /** A code that says no more than that something failed. */
  static final int UNEXPECTED = 65_535;

  static final int INVALID_PARAMETER = 1_100;
  static final int INVALID_FIELD_NAME = 1_701;
  private static final int COLLECTION_NOT_FOUND = 100;

  private Statuses() {}

  static Status refusal(int code, String reason) {
    return Status.newBuilder()
        .setCode(code)
        .setErrorCode(ErrorCode.UnexpectedError)
        .setReason(reason)
        .build();
  }

  static boolean isSuccess(Status status) {
    return status.getCode() == 0 && status.getErrorCode() == ErrorCode.Success;
  }

  static boolean isMissingCollection(Status status) {
    return status.getCode() == COLLECTION_NOT_FOUND
        || status.getErrorCode() == ErrorCode.CollectionNotExists;
  }

  /** The answer to a description from 2.5.18 on. */
  static Status missingByOldCode(String database, String collection) {
    return Status.newBuilder()
        .setErrorCode(ErrorCode.CollectionNotExists)
        .setReason(
            "can't find collection[database=%s][collection=%s]".formatted(database, collection))
        .build();
  }

  /** An answer that holds nothing but a status. */
  static Message answer(Message prototype, Status status) {
    if (prototype instanceof Status) {
      return status;
    }
    FieldDescriptor field = prototype.getDescriptorForType().findFieldByName("status");
    return prototype.newBuilderForType().setField(field, status).build();
  }
}
