package io.vectorconnect.it.milvus;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Queries. */
final class Reads {
  /** Timestamps below are no times: a level of consistency in the form of a number. */
  private static final long LEAST_TIME = 3;

  private static final String BEST = "reduce_stop_for_best";

  private final MilvusVersion version;
  private final Journals journals;
  private final Definitions definitions;
  private final AtomicLong pages = new AtomicLong();

  /** Up to here, every read sees all writes: a read has waited for them. */
  private final AtomicLong served = new AtomicLong();

  private volatile Duration lag = Duration.ZERO;

  Reads(MilvusVersion version, Journals journals, Definitions definitions) {
    this.version = version;
    this.journals = journals;
    this.definitions = definitions;
  }

  void lag(Duration duration) {
    lag = duration;
  }

  QueryResults query(QueryRequest request, MilvusServiceBlockingStub server) {
    Optional<Definitions.Known> collection =
        definitions.known(request.getDbName(), request.getCollectionName(), server);
    if (collection.isEmpty()) {
      return server.query(request);
    }
    for (String field : request.getOutputFieldsList()) {
      if (collection.get().omitted().contains(field)) {
        return QueryResults.newBuilder()
            .setStatus(
                Statuses.refusal(
                    Statuses.UNEXPECTED, "not allowed to retrieve raw data of field " + field))
            .build();
      }
    }
    return journals.reading(() -> query(request, collection.get(), server));
  }

  private QueryResults query(
      QueryRequest request, Definitions.Known collection, MilvusServiceBlockingStub server) {
    ReadTime time = time(request);
    Pages reader =
        new Pages(
            passed(request, time), collection.key(), journals.of(collection.id()), time, server);
    QueryResults answer;
    if (request.getOutputFieldsList().contains("count(*)")) {
      answer = reader.count();
    } else if (isSet(request, "iterator") && isSet(request, BEST)) {
      answer = reader.page(pages.getAndIncrement());
    } else {
      answer = reader.rows();
    }
    if (!Statuses.isSuccess(answer.getStatus())) {
      return answer;
    }
    long seen = served(request, time);
    QueryResults.Builder changed = without(collection.omitted(), answer);
    return isSet(request, "iterator") ? changed.setSessionTs(seen).build() : changed.build();
  }

  private ReadTime time(QueryRequest request) {
    long guarantee = request.getGuaranteeTimestamp();
    if (guarantee >= LEAST_TIME) {
      return isSet(request, "iterator") && version.readsAsOf()
          ? new ReadTime(guarantee, true)
          : ReadTime.PRESENT;
    }
    return mayLag(request) && !lag.isZero()
        ? new ReadTime(Math.max(served.get(), now() - ReadTime.timestamp(lag.toMillis())), false)
        : ReadTime.PRESENT;
  }

  private static boolean mayLag(QueryRequest request) {
    return !request.getUseDefaultConsistency()
        && (request.getConsistencyLevel() == ConsistencyLevel.Bounded
            || request.getConsistencyLevel() == ConsistencyLevel.Eventually);
  }

  /** Notes what a read has waited for; returns the time that it has seen. */
  private long served(QueryRequest request, ReadTime time) {
    long guarantee = request.getGuaranteeTimestamp();
    long seen = time.isPresent() ? now() : time.time();
    if (guarantee >= LEAST_TIME) {
      served.accumulateAndGet(guarantee, Math::max);
    } else if (!mayLag(request)) {
      served.accumulateAndGet(seen, Math::max);
    }
    return seen;
  }

  private static long now() {
    return ReadTime.timestamp(System.currentTimeMillis());
  }

  /** What the server behind is asked. */
  private QueryRequest passed(QueryRequest request, ReadTime time) {
    QueryRequest.Builder passed =
        request.toBuilder().setExpr(Filters.asLexed(request.getExpr())).clearQueryParams();
    boolean keepsBest = !version.needsIterator() || isSet(request, "iterator");
    for (KeyValuePair parameter : request.getQueryParamsList()) {
      if (keepsBest || !parameter.getKey().equals(BEST)) {
        passed.addQueryParams(parameter);
      }
    }
    if (!time.isPresent()) {
      passed.setGuaranteeTimestamp(time.time()).setConsistencyLevel(ConsistencyLevel.Customized);
    }
    return passed.build();
  }

  private static boolean isSet(QueryRequest request, String parameter) {
    return request.getQueryParamsList().stream()
        .anyMatch(
            pair -> pair.getKey().equals(parameter) && pair.getValue().equalsIgnoreCase("true"));
  }

  private static QueryResults.Builder without(Set<String> omitted, QueryResults answer) {
    List<FieldData> kept =
        answer.getFieldsDataList().stream()
            .filter(column -> !omitted.contains(column.getFieldName()))
            .toList();
    return answer.toBuilder().clearFieldsData().addAllFieldsData(kept);
  }
}
