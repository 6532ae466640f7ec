package io.vectorconnect.it.milvus;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.it.milvus.Columns.Cell;
import io.vectorconnect.it.milvus.Journal.Sight;
import io.vectorconnect.milvus.KeyType;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that one query gives.
 *
 * @param request what 2.3.5 is asked, which reads the present
 * @param key the field of the primary key
 */
record Pages(
    QueryRequest request,
    FieldSchema key,
    Journal journal,
    ReadTime time,
    MilvusServiceBlockingStub server) {
  private static final int MOST = 16_384;

  /** A row of an answer, from there or from the journal. */
  private record Row(List<FieldData> columns, int number) {
    Cell cell(FieldData like) {
      for (FieldData column : columns) {
        boolean isSame =
            like.getIsDynamic()
                ? column.getIsDynamic()
                : column.getFieldName().equals(like.getFieldName());
        if (isSame) {
          return new Cell(column, number);
        }
      }
      throw new IllegalStateException("no old value of field " + like.getFieldName());
    }
  }

  /** The rows that match now, as they are seen. */
  QueryResults rows() {
    return seen(server.query(request));
  }

  /**
   * A page: of every three, one is shorter than it could be, and one is longer than its limit.
   *
   * @param number counts pages
   */
  QueryResults page(long number) {
    QueryRequest.Builder next = request.toBuilder();
    long limit = limit();
    if (number % 3 == 2) {
      limit(next, Math.min(MOST, 2 * limit + 1));
    }
    while (true) {
      QueryResults there = server.query(next.build());
      if (!Statuses.isSuccess(there.getStatus()) || keys(there).isEmpty()) {
        return there;
      }
      QueryResults seen = seen(there);
      int rows = keys(seen).size();
      if (rows > 0) {
        return number % 3 == 1 ? first((rows + 1) / 2, seen) : seen;
      }
      next.setExpr(above(there));
    }
  }

  /** The number of rows; what is not seen is looked for key by key. */
  QueryResults count() {
    QueryResults present = server.query(request);
    if (!Statuses.isSuccess(present.getStatus()) || !journal.differs(time)) {
      return present;
    }
    QueryRequest.Builder next =
        request.toBuilder().clearOutputFields().addOutputFields(key.getName()).clearQueryParams();
    next.addQueryParams(KeyValuePair.newBuilder().setKey("iterator").setValue("True"));
    next.addQueryParams(KeyValuePair.newBuilder().setKey("reduce_stop_for_best").setValue("True"));
    limit(next, MOST);
    long unseen = 0;
    while (true) {
      QueryResults page = server.query(next.build());
      List<Object> keys = keys(page);
      if (keys.isEmpty()) {
        return counted(present, unseen);
      }
      unseen += keys.stream().filter(k -> journal.see(k, time) instanceof Sight.Nothing).count();
      next.setExpr(above(page));
    }
  }

  private static QueryResults counted(QueryResults present, long unseen) {
    FieldData count = present.getFieldsData(0);
    long there = count.getScalars().getLongData().getData(0);
    return present.toBuilder()
        .setFieldsData(
            0,
            count.toBuilder()
                .setScalars(
                    ScalarField.newBuilder()
                        .setLongData(LongArray.newBuilder().addData(there - unseen))))
        .build();
  }

  private QueryResults seen(QueryResults there) {
    if (!Statuses.isSuccess(there.getStatus()) || !journal.differs(time)) {
      return there;
    }
    List<Row> rows = new ArrayList<>();
    List<Object> keys = keys(there);
    for (int i = 0; i < keys.size(); i++) {
      Sight sight = journal.see(keys.get(i), time);
      if (sight instanceof Sight.Present) {
        rows.add(new Row(there.getFieldsDataList(), i));
      } else if (sight instanceof Sight.Old old) {
        rows.add(new Row(old.columns(), old.row()));
      }
    }
    return of(rows, there);
  }

  private QueryResults first(int count, QueryResults page) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new Row(page.getFieldsDataList(), i));
    }
    return of(rows, page);
  }

  private static QueryResults of(List<Row> rows, QueryResults like) {
    QueryResults.Builder made = like.toBuilder().clearFieldsData();
    for (FieldData column : like.getFieldsDataList()) {
      made.addFieldsData(Columns.of(column, rows.stream().map(row -> row.cell(column)).toList()));
    }
    return made.build();
  }

  private List<Object> keys(QueryResults page) {
    for (FieldData column : page.getFieldsDataList()) {
      if (column.getFieldName().equals(key.getName())) {
        return Columns.keys(column);
      }
    }
    return List.of();
  }

  private String above(QueryResults page) {
    List<Object> keys = keys(page);
    String last = keys.get(keys.size() - 1).toString();
    KeyType type = key.getDataType() == DataType.VarChar ? KeyType.VARCHAR : KeyType.INT64;
    return type.above(key.getName(), last)
        .map(bound -> "(%s) and %s".formatted(request.getExpr(), Filters.asLexed(bound)))
        .orElse(key.getName() + " in []");
  }

  private long limit() {
    return request.getQueryParamsList().stream()
        .filter(parameter -> parameter.getKey().equals("limit"))
        .mapToLong(parameter -> Long.parseLong(parameter.getValue()))
        .findFirst()
        .orElse(MOST);
  }

  private static void limit(QueryRequest.Builder request, long limit) {
    List<KeyValuePair> others =
        request.getQueryParamsList().stream()
            .filter(parameter -> !parameter.getKey().equals("limit"))
            .toList();
    request
        .clearQueryParams()
        .addAllQueryParams(others)
        .addQueryParams(KeyValuePair.newBuilder().setKey("limit").setValue(Long.toString(limit)));
  }
}
