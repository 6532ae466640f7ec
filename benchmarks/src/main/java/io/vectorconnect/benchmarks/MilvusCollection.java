package io.vectorconnect.benchmarks;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.UpsertRequest;
import io.milvus.grpc.VectorField;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.localstack.MilvusServer;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.milvus.MilvusErrors;
import io.vectorconnect.milvus.MilvusService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** A collection of {@link VectorRows}, and the ways into it that are not ours. */
final class MilvusCollection implements AutoCloseable {
  /** 15 MB of 768 f32: as large as the sink's requests are by default. */
  private static final int ROWS = 5_000;

  /** What the server takes of a processor when it has nothing to do, and a good deal more. */
  private static final double IDLE = 0.2;

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final int dimension;
  private final ProcessHandle process;
  private final MilvusClient stub;
  private final MilvusClientV2 vendor;

  MilvusCollection(MilvusServer server, String name, int dimension) {
    this.name = name;
    this.dimension = dimension;
    this.process = ProcessHandle.of(server.pid()).orElseThrow();
    this.stub =
        new MilvusClient(
            new MilvusConnection(
                new AbstractConfig(
                    MilvusConnection.define(new ConfigDef()), connection(server), false)),
            Duration.ofMinutes(5));
    this.vendor =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(server.uri())
                .username(server.user())
                .password(server.password())
                .build());
  }

  /** The keys by which our connectors find the server. */
  static Map<String, String> connection(MilvusServer server) {
    return Map.of(
        "connection.uri", server.uri(),
        "connection.user", server.user(),
        "connection.password", server.password());
  }

  /** The server's processor time so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Waits until the server has nothing left to do, such as starting. */
  void settle() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    double busy = 1;
    while (busy > IDLE && System.nanoTime() < end) {
      Duration before = processorTime();
      Thread.sleep(LOOK.toMillis());
      busy = (double) processorTime().minus(before).toMillis() / LOOK.toMillis();
    }
    if (busy > IDLE) {
      System.out.println("  Milvus is still busy");
    }
  }

  /** Empty, with an index, loaded: as the sink makes it, but that the index needs no building. */
  void create() {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VectorRows.KEY)
            .dataType(io.milvus.v2.common.DataType.Int64)
            .isPrimaryKey(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VectorRows.LABEL)
            .dataType(io.milvus.v2.common.DataType.VarChar)
            .maxLength(100)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VectorRows.YEAR)
            .dataType(io.milvus.v2.common.DataType.Int32)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VectorRows.EMBEDDING)
            .dataType(io.milvus.v2.common.DataType.FloatVector)
            .dimension(dimension)
            .build());
    vendor.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(
                List.of(
                    IndexParam.builder()
                        .fieldName(VectorRows.EMBEDDING)
                        .indexType(IndexParam.IndexType.FLAT)
                        .metricType(IndexParam.MetricType.COSINE)
                        .build()))
            .build());
  }

  /** The columns of all rows, request by request: made beforehand, for the raw path. */
  static List<List<FieldData>> columns(List<VectorRows.Row> rows, int dimension) {
    List<List<FieldData>> requests = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += ROWS) {
      requests.add(page(rows.subList(from, Math.min(rows.size(), from + ROWS)), dimension));
    }
    return requests;
  }

  private static List<FieldData> page(List<VectorRows.Row> rows, int dimension) {
    LongArray.Builder ids = LongArray.newBuilder();
    StringArray.Builder labels = StringArray.newBuilder();
    IntArray.Builder years = IntArray.newBuilder();
    FloatArray.Builder floats = FloatArray.newBuilder();
    for (VectorRows.Row row : rows) {
      ids.addData(row.id());
      labels.addData(row.label());
      years.addData(row.year());
      for (int i = 0; i < dimension; i++) {
        floats.addData(LittleEndian.getFloat(row.embedding(), i * Float.BYTES));
      }
    }
    return List.of(
        scalars(VectorRows.KEY, DataType.Int64, ScalarField.newBuilder().setLongData(ids)),
        scalars(VectorRows.LABEL, DataType.VarChar, ScalarField.newBuilder().setStringData(labels)),
        scalars(VectorRows.YEAR, DataType.Int32, ScalarField.newBuilder().setIntData(years)),
        FieldData.newBuilder()
            .setFieldName(VectorRows.EMBEDDING)
            .setType(DataType.FloatVector)
            .setVectors(VectorField.newBuilder().setDim(dimension).setFloatVector(floats))
            .build());
  }

  private static FieldData scalars(String field, DataType type, ScalarField.Builder data) {
    return FieldData.newBuilder().setFieldName(field).setType(type).setScalars(data).build();
  }

  /** The quickest way that Milvus has for rows that may be there already. */
  void upsert(List<FieldData> columns) {
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setDbName(stub.database())
            .setCollectionName(name)
            .addAllFieldsData(columns)
            .setNumRows(columns.get(0).getScalars().getLongData().getDataCount())
            .build();
    MilvusErrors.check(
        "upserting", stub.request("upserting", MilvusService.UPSERT, request).getStatus());
  }

  /** Rows that are not there yet. */
  void insert(List<FieldData> columns) {
    InsertRequest request =
        InsertRequest.newBuilder()
            .setDbName(stub.database())
            .setCollectionName(name)
            .addAllFieldsData(columns)
            .setNumRows(columns.get(0).getScalars().getLongData().getDataCount())
            .build();
    MilvusErrors.check(
        "inserting", stub.request("inserting", MilvusService.INSERT, request).getStatus());
  }

  /** As the manual of the vendor's client shows: an object for each row. */
  void upsertObjects(List<VectorRows.Row> rows) {
    for (int from = 0; from < rows.size(); from += ROWS) {
      List<JsonObject> objects =
          rows.subList(from, Math.min(rows.size(), from + ROWS)).stream()
              .map(this::object)
              .toList();
      vendor.upsert(UpsertReq.builder().collectionName(name).data(objects).build());
    }
  }

  private JsonObject object(VectorRows.Row row) {
    JsonObject object = new JsonObject();
    object.addProperty(VectorRows.KEY, row.id());
    object.addProperty(VectorRows.LABEL, row.label());
    object.addProperty(VectorRows.YEAR, row.year());
    JsonArray vector = new JsonArray(dimension);
    for (int i = 0; i < dimension; i++) {
      vector.add(LittleEndian.getFloat(row.embedding(), i * Float.BYTES));
    }
    object.add(VectorRows.EMBEDDING, vector);
    return object;
  }

  /** From memory to disk, so that scans read segments as they are after a while. */
  void flush() {
    vendor.flush(FlushReq.builder().collectionNames(List.of(name)).build());
  }

  /** Whether a row is to be seen; what was acknowledged before the question is. */
  boolean holds(long id) {
    return stub.count(name, VectorRows.KEY + " == " + id, stub.guaranteeNow()) == 1;
  }

  long count() {
    return stub.count(name, "", stub.guaranteeNow());
  }

  /** For reads that are measured. */
  MilvusClient stub() {
    return stub;
  }

  @Override
  public void close() {
    stub.close();
    vendor.close();
  }
}
