package io.vectorconnect.milvus.source.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.Status;
import io.milvus.grpc.StringArray;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.vectorconnect.config.Problem;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.source.config.MilvusSourceConfig;
import io.vectorconnect.milvus.source.record.RecordMapper.MappedRow;
import io.vectorconnect.source.TopicNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Schemas that change, and fields that Milvus does not return. No server that the tests can start
 * has AddCollectionField or load_fields, so one here gives the answers of Milvus 2.6 (milvus's
 * translateOutputFields) to the two requests that matter.
 */
class CurrentSchemaTest {
  private static final FieldSchema ID =
      FieldSchema.newBuilder()
          .setFieldID(100)
          .setName("id")
          .setDataType(DataType.Int64)
          .setIsPrimaryKey(true)
          .build();
  private static final FieldSchema TEXT = text(101, "text");
  private static final FieldSchema ADDED = text(102, "added");
  private static final FieldSchema BM25 =
      FieldSchema.newBuilder()
          .setFieldID(103)
          .setName("sparse")
          .setDataType(DataType.SparseFloatVector)
          .setIsFunctionOutput(true)
          .build();

  /** Milvus's time of the last change of the schema. */
  private static final long CHANGED = 1_000;

  private final Described server = new Described();
  private Server running;
  private MilvusClient client;

  private static FieldSchema text(long id, String name) {
    return FieldSchema.newBuilder()
        .setFieldID(id)
        .setName(name)
        .setDataType(DataType.VarChar)
        .setNullable(true)
        .build();
  }

  /** Describes a collection, and refuses queries for fields that it does not return. */
  private static final class Described extends MilvusServiceGrpc.MilvusServiceImplBase {
    private volatile List<FieldSchema> fields = List.of(ID, TEXT);
    private volatile long id = 7;
    private volatile boolean dynamic;
    private volatile QueryResults row = QueryResults.getDefaultInstance();
    private volatile Map<String, String> refused = Map.of();
    private final AtomicInteger descriptions = new AtomicInteger();

    @Override
    public void describeCollection(
        DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> answer) {
      descriptions.incrementAndGet();
      answer.onNext(
          DescribeCollectionResponse.newBuilder()
              .setCollectionID(id)
              .setUpdateTimestamp(CHANGED)
              .setSchema(
                  CollectionSchema.newBuilder().addAllFields(fields).setEnableDynamicField(dynamic))
              .build());
      answer.onCompleted();
    }

    @Override
    public void describeIndex(
        DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> answer) {
      answer.onNext(DescribeIndexResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResults> answer) {
      Status.Builder status = Status.newBuilder();
      request.getOutputFieldsList().stream()
          .filter(refused::containsKey)
          .findFirst()
          .ifPresent(field -> status.setCode(65535).setReason(refused.get(field).formatted(field)));
      answer.onNext(row.toBuilder().setStatus(status).build());
      answer.onCompleted();
    }
  }

  @BeforeEach
  void start() throws Exception {
    running =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(server)
            .build()
            .start();
    client = new MilvusClient(config(Map.of()).connection());
  }

  @AfterEach
  void stop() {
    client.close();
    running.shutdownNow();
  }

  private MilvusSourceConfig config(Map<String, String> more) {
    Map<String, String> config = new HashMap<>(more);
    config.put("connection.uri", "http://localhost:" + running.getPort());
    return new MilvusSourceConfig(config);
  }

  private Collection described() {
    return Collection.describe(client, "docs");
  }

  private CurrentSchema schema() {
    return new CurrentSchema(client, described(), config(Map.of()));
  }

  private static FieldData ids(long id) {
    return FieldData.newBuilder()
        .setFieldName("id")
        .setFieldId(100)
        .setScalars(ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(id)))
        .build();
  }

  private static FieldData texts(FieldSchema field, String text) {
    return FieldData.newBuilder()
        .setFieldName(field.getName())
        .setFieldId(field.getFieldID())
        .addValidData(true)
        .setScalars(ScalarField.newBuilder().setStringData(StringArray.newBuilder().addData(text)))
        .build();
  }

  private static QueryResults page(FieldData... columns) {
    return QueryResults.newBuilder().addAllFieldsData(List.of(columns)).build();
  }

  @Test
  void rowsAfterAFieldWasAddedHaveTheNewSchema() {
    CurrentSchema schema = schema();
    List<MappedRow> before = schema.map(page(ids(1), texts(TEXT, "a")), "");
    server.fields = List.of(ID, TEXT, ADDED);
    List<MappedRow> after = schema.map(page(ids(2), texts(TEXT, "b"), texts(ADDED, "c")), "");
    assertThat(before.get(0).value().schema().field("added")).isNull();
    assertThat(after.get(0).value().get("added")).isEqualTo("c");
    assertThat(after.get(0).keyStruct().schema()).isEqualTo(before.get(0).keyStruct().schema());
    int descriptions = server.descriptions.get();
    schema.map(page(ids(3), texts(TEXT, "b"), texts(ADDED, "c")), "");
    assertThat(server.descriptions.get())
        .as("asked again only when columns differ")
        .isEqualTo(descriptions);
  }

  @Test
  void rowsAfterAFieldWasDroppedHaveTheNewSchema() {
    server.fields = List.of(ID, TEXT, ADDED);
    CurrentSchema schema = schema();
    server.fields = List.of(ID, TEXT);
    Struct row = schema.map(page(ids(2), texts(TEXT, "b")), "").get(0).value();
    assertThat(row.schema().field("added")).isNull();
  }

  @Test
  void aPageThatTheDescriptionDoesNotFitYetIsReadAgainLater() {
    CurrentSchema schema = schema();
    QueryResults page = page(ids(2), texts(TEXT, "b"), texts(ADDED, "c"));
    assertThatThrownBy(() -> schema.map(page, ""))
        .isInstanceOfSatisfying(
            MilvusException.class, e -> assertThat(e.kind().isTransient()).isTrue())
        .hasMessageContaining("schema of collection docs changes")
        .hasMessageContaining("[added]");
    server.fields = List.of(ID, TEXT, ADDED);
    assertThat(schema.map(page, "")).hasSize(1);
  }

  @Test
  void aFieldThatIsNotLoadedAnyMoreIsNamed() {
    CurrentSchema schema = schema();
    server.refused = Map.of("text", "field %s is not loaded");
    assertThatThrownBy(() -> schema.map(page(ids(2)), ""))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("does not return the fields [text] of collection docs")
        .hasMessageContaining("load it with all fields, or exclude them by field.exclude.list");
  }

  @Test
  void anotherCollectionOfTheNameIsNotReadAsTheSame() {
    CurrentSchema schema = schema();
    server.id = 8;
    assertThatThrownBy(() -> schema.map(page(ids(2)), ""))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("was dropped and created again");
  }

  @Test
  void theLogIsReadAcrossChangesOfTheSchema() {
    CurrentSchema schema = schema();
    server.fields = List.of(ID, TEXT, ADDED);
    List<FieldData> newer = List.of(ids(1), texts(TEXT, "a"), texts(ADDED, "b"));
    assertThat(schema.logged(newer, "", CHANGED + 1).row(0).value().get("added")).isEqualTo("b");
    // Rows from before the change are NULL there.
    List<FieldData> older = List.of(ids(2), texts(TEXT, "a"));
    Struct row = schema.logged(older, "", CHANGED - 1).row(0).value();
    assertThat(row.schema().field("added")).isNotNull();
    assertThat(row.get("added")).isNull();
    // What was dropped since is left out; what the server does not describe yet is awaited.
    FieldSchema other = text(110, "other");
    List<FieldData> unknown = List.of(ids(3), texts(TEXT, "a"), texts(other, "x"));
    assertThat(schema.logged(unknown, "", CHANGED - 1).row(0).value().schema().field("other"))
        .isNull();
    assertThatThrownBy(() -> schema.logged(unknown, "", CHANGED + 1))
        .isInstanceOfSatisfying(
            MilvusException.class, e -> assertThat(e.kind().isTransient()).isTrue());
  }

  @Test
  void fieldsThatMilvusDoesNotReturnAreFoundBeforeTheStart() {
    server.fields = List.of(ID, TEXT, ADDED, BM25);
    server.refused =
        Map.of(
            "added", "field %s is not loaded",
            "sparse", "not allowed to retrieve raw data of field %s");
    Problem unloaded = ReadableFields.problem(client, described(), config(Map.of())).orElseThrow();
    assertThat(unloaded.key()).isEqualTo("field.exclude.list");
    assertThat(unloaded.message())
        .contains("[added] of collection docs", "field added is not loaded");

    Map<String, String> excluding = Map.of("field.exclude.list", "docs\\.added");
    assertThat(ReadableFields.problem(client, described(), config(excluding))).isEmpty();

    Map<String, String> requesting = new HashMap<>(excluding);
    requesting.put("function.output.include.list", ".*");
    Problem computed =
        ReadableFields.problem(client, described(), config(requesting)).orElseThrow();
    assertThat(computed.key()).isEqualTo("function.output.include.list");
    assertThat(computed.message())
        .contains("computes the fields [sparse] of collection docs and does not return them");
    assertThat(FieldChoice.unreadOutputs(described(), config(Map.of()))).containsExactly("sparse");
    assertThat(FieldChoice.of(described(), config(requesting)).omitted())
        .isEqualTo(Set.of("added"));
  }

  @Test
  void dynamicFieldsThatAreNotLoadedAreFoundBeforeTheStart() {
    server.dynamic = true;
    assertThat(ReadableFields.problem(client, described(), config(Map.of()))).isEmpty();
    server.row = page(ids(1), texts(TEXT, "a"));
    assertThat(ReadableFields.problem(client, described(), config(Map.of())))
        .hasValueSatisfying(
            problem ->
                assertThat(problem.message())
                    .contains("does not return the dynamic fields of collection docs"));
    Map<String, String> excluding = Map.of("field.exclude.list", "docs\\.\\$meta");
    assertThat(ReadableFields.problem(client, described(), config(excluding))).isEmpty();
  }

  @Test
  void topicsThatKafkaDoesNotTakeAreFoundBeforeTheStart() {
    for (String prefix : List.of("a b", "ü", "x".repeat(246))) {
      MilvusSourceConfig config = config(Map.of("topic.prefix", prefix));
      assertThat(TopicNames.problem(config.source(), "collection", List.of("docs")))
          .hasValueSatisfying(
              problem -> {
                assertThat(problem.key()).isEqualTo("topic.prefix");
                assertThat(problem.message()).contains(prefix + "docs");
              });
    }
    MilvusSourceConfig longest = config(Map.of("topic.prefix", "x".repeat(245)));
    assertThat(TopicNames.problem(longest.source(), "collection", List.of("docs"))).isEmpty();
  }
}
