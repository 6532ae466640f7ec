package io.vectorconnect.it.milvus;

import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.UpsertRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Inserts, upserts and deletes, whose times are remembered. */
final class Writes {
  private final Journals journals;
  private final Definitions definitions;

  Writes(Journals journals, Definitions definitions) {
    this.journals = journals;
    this.definitions = definitions;
  }

  MutationResult insert(InsertRequest request, MilvusServiceBlockingStub server) {
    return write(
        request.getDbName(),
        request.getCollectionName(),
        request.getFieldsDataList(),
        server,
        () -> server.insert(request));
  }

  MutationResult upsert(UpsertRequest request, MilvusServiceBlockingStub server) {
    if (request.getPartialUpdate()) {
      throw new UnsupportedOperationException("2.3.5 writes whole rows only");
    }
    return write(
        request.getDbName(),
        request.getCollectionName(),
        request.getFieldsDataList(),
        server,
        () -> server.upsert(request));
  }

  private MutationResult write(
      String database,
      String name,
      List<FieldData> columns,
      MilvusServiceBlockingStub server,
      Supplier<MutationResult> write) {
    Optional<Definitions.Known> collection = definitions.known(database, name, server);
    Optional<MutationResult> refusal = collection.flatMap(known -> refusal(known, columns));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return journals.writing(
        () -> {
          MutationResult result = write.get();
          if (collection.isPresent() && Statuses.isSuccess(result.getStatus())) {
            journals
                .of(collection.get().id())
                .written(Columns.keys(result.getIDs()), columns, result.getTimestamp());
          }
          return result;
        });
  }

  /** A dynamic field cannot have the name of a field of the schema. */
  private static Optional<MutationResult> refusal(
      Definitions.Known collection, List<FieldData> columns) {
    for (FieldData column : columns) {
      if (!column.getIsDynamic()) {
        continue;
      }
      for (ByteString row : column.getScalars().getJsonData().getDataList()) {
        for (String name : JsonParser.parseString(row.toStringUtf8()).getAsJsonObject().keySet()) {
          if (collection.fields().contains(name)) {
            return Optional.of(
                MutationResult.newBuilder()
                    .setStatus(
                        Statuses.refusal(
                            Statuses.UNEXPECTED,
                            "dynamic field name cannot be the name of a static field: " + name))
                    .build());
          }
        }
      }
    }
    return Optional.empty();
  }

  MutationResult delete(DeleteRequest request, MilvusServiceBlockingStub server) {
    DeleteRequest passed = request.toBuilder().setExpr(Filters.asLexed(request.getExpr())).build();
    Optional<Definitions.Known> collection =
        definitions.known(request.getDbName(), request.getCollectionName(), server);
    return journals.writing(
        () -> {
          MutationResult result = server.delete(passed);
          if (collection.isPresent() && Statuses.isSuccess(result.getStatus())) {
            journals
                .of(collection.get().id())
                .deleted(Columns.keys(result.getIDs()), result.getTimestamp());
          }
          return result;
        });
  }
}
