package io.vectorconnect.it;

import static io.vectorconnect.it.MilvusCollections.row;
import static io.vectorconnect.it.MilvusRequests.parameter;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.MILVUS_LITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.Status;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.vectorconnect.it.milvus.MilvusVersion;
import io.vectorconnect.it.milvus.MilvusVersionProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy answers plain requests as real servers of newer versions were seen to answer them. */
@Services(owned = MILVUS, alone = MILVUS_LITE)
@Timeout(120)
class MilvusVersionProxyIT {
  private static final String ALL = "id < 0 or id >= 0";

  private final MilvusAddress server = Stack.milvus();
  private MilvusVersionProxy proxy;
  private MilvusCollections milvus;
  private MilvusRequests requests;

  private void connect(MilvusVersion version) {
    proxy = new MilvusVersionProxy(version, server.uri());
    milvus = new MilvusCollections(server.at(proxy.uri()));
    requests = new MilvusRequests(server.at(proxy.uri()));
  }

  @AfterEach
  void disconnect() {
    requests.close();
    milvus.close();
    proxy.close();
  }

  private static JsonObject labelled(long id, String label) {
    JsonObject row = row(id);
    row.addProperty("label", label);
    return row;
  }

  private void upsert(String collection, List<JsonObject> rows) {
    milvus.client().upsert(UpsertReq.builder().collectionName(collection).data(rows).build());
  }

  @Test
  void aReadAsOfATimeSeesOldVersionsUntilACompactionDropsThem() {
    connect(MilvusVersion.V2_5);
    milvus.create("proxy_as_of", DataType.Int64);
    milvus.insert("proxy_as_of", 1, 10, id -> labelled(id, "old"));
    long time = requests.now();
    upsert("proxy_as_of", List.of(labelled(2, "new"), labelled(3, "new"), labelled(11, "new")));

    List<String> before = rows("old", 1, 10);
    assertThat(scan("proxy_as_of", ALL, time)).isEqualTo(before);
    assertThat(requests.count("proxy_as_of", ALL, time, true)).isEqualTo(10);
    assertThat(requests.count("proxy_as_of", ALL, time, false)).as("the present").isEqualTo(11);
    proxy.compact();
    before.removeAll(rows("old", 2, 3));
    assertThat(scan("proxy_as_of", ALL, time)).as("2 and 3 are lost").isEqualTo(before);
    assertThat(requests.count("proxy_as_of", ALL, time, true)).isEqualTo(8);
    assertThat(requests.count("proxy_as_of", ALL, time, false)).isEqualTo(11);
    long later = requests.now();
    assertThat(requests.count("proxy_as_of", ALL, later, true)).isEqualTo(11);
    requests.barrier("proxy_as_of", later);
    assertThat(scan("proxy_as_of", ALL, 0))
        .as("a scan without a time loses nothing")
        .hasSize(11)
        .contains("2 new", "3 new", "11 new");
    milvus.drop("proxy_as_of");
  }

  private static List<String> rows(String label, long from, long to) {
    return new ArrayList<>(
        LongStream.rangeClosed(from, to).mapToObj(id -> id + " " + label).toList());
  }

  private static long id(String row) {
    return Long.parseLong(row.substring(0, row.indexOf(' ')));
  }

  /** Pages until an empty one. */
  private List<String> scan(String collection, String filter, long guarantee) {
    List<String> rows = new ArrayList<>();
    List<String> page = requests.page(collection, filter, 4, guarantee);
    while (!page.isEmpty()) {
      rows.addAll(page);
      long last = id(page.get(page.size() - 1));
      page = requests.page(collection, "(%s) and id > %d".formatted(filter, last), 4, guarantee);
    }
    return rows;
  }

  @Test
  void before25ATimeIsNoMoreThanAGuarantee() {
    connect(MilvusVersion.V2_4);
    milvus.create("proxy_2_4", DataType.Int64);
    milvus.insert("proxy_2_4", 1, 3, id -> labelled(id, "old"));
    long time = requests.now();
    upsert("proxy_2_4", List.of(labelled(2, "new")));
    proxy.compact();
    requests.barrier("proxy_2_4", requests.now());
    assertThat(scan("proxy_2_4", ALL, time)).containsExactly("1 old", "2 new", "3 old");
    milvus.drop("proxy_2_4");
  }

  @Test
  void pagesAreShortOrLongAndCountsCountEachCopyOfAKey() {
    connect(MilvusVersion.V2_6);
    milvus.create("proxy_pages", DataType.Int64);
    milvus.insert("proxy_pages", Collections.nCopies(150, labelled(20, "copy")));
    milvus.insert("proxy_pages", 1, 39, id -> labelled(id, "row"));
    long now = requests.now();
    requests.barrier("proxy_pages", now);
    assertThat(requests.count("proxy_pages", ALL, now, false)).isEqualTo(150 + 39);
    List<Integer> sizes = new ArrayList<>();
    List<Long> keys = new ArrayList<>();
    List<String> page = requests.page("proxy_pages", ALL, 5, 0);
    while (!page.isEmpty()) {
      sizes.add(page.size());
      page.forEach(row -> keys.add(id(row)));
      page = requests.page("proxy_pages", "id > " + keys.get(keys.size() - 1), 5, 0);
    }
    assertThat(keys).containsExactlyElementsOf(LongStream.rangeClosed(1, 39).boxed().toList());
    assertThat(sizes.subList(0, sizes.size() - 1))
        .anyMatch(size -> size < 5)
        .anyMatch(size -> size > 5);

    QueryRequest withoutIterator =
        MilvusRequests.query("proxy_pages", ALL, now)
            .addOutputFields("id")
            .addQueryParams(parameter("reduce_stop_for_best", "True"))
            .addQueryParams(parameter("limit", 39))
            .build();
    FieldData found = requests.stub().query(withoutIterator).getFieldsData(0);
    assertThat(found.getScalars().getLongData().getDataList())
        .as("`best` alone has no effect: copies of one key take the place of other keys")
        .hasSizeLessThan(39);
    milvus.drop("proxy_pages");
  }

  @Test
  void aBoundedReadMayLagBehindWritesUntilAReadHasWaitedForThem() {
    connect(MilvusVersion.V2_6);
    milvus.create("proxy_lag", DataType.Int64);
    milvus.insert("proxy_lag", 1, 3, id -> labelled(id, "old")); // odd keys are behind
    requests.barrier("proxy_lag", requests.now());
    proxy.lag(Duration.ofHours(1));
    upsert(
        "proxy_lag",
        List.of(labelled(1, "new"), labelled(2, "new"), labelled(5, "new"), labelled(6, "new")));
    proxy.compact();
    assertThat(scan("proxy_lag", ALL, 0)) // the server itself may be behind with the even keys
        .as("old versions are seen, no row vanishes")
        .contains("1 old", "3 old")
        .containsAnyOf("2 old", "2 new")
        .doesNotContain("5 new");
    requests.barrier("proxy_lag", requests.now());
    assertThat(scan("proxy_lag", ALL, 0))
        .containsExactly("1 new", "2 new", "3 old", "5 new", "6 new");
    milvus.drop("proxy_lag");
  }

  @Test
  void theClockIsAheadOfWritesAndTheVersionIsReported() {
    connect(MilvusVersion.V2_6);
    milvus.create("proxy_clock", DataType.Int64);
    long ahead = requests.now();
    milvus.insert("proxy_clock", 1, 1, MilvusCollections::row);
    requests.barrier("proxy_clock", ahead);
    QueryResults answer =
        requests
            .stub()
            .query(
                MilvusRequests.query("proxy_clock", ALL, 0)
                    .addOutputFields("id")
                    .addQueryParams(parameter("iterator", "True"))
                    .addQueryParams(parameter("limit", 1))
                    .build());
    assertThat(ahead >>> 18).isGreaterThan(System.currentTimeMillis() - 5_000);
    assertThat(answer.getSessionTs()).isPositive();
    try (MilvusRequests behind = new MilvusRequests(server)) {
      long real = behind.now();
      assertThat((requests.now() >>> 18) - (real >>> 18)).isBetween(51L, 5_000L);
    }
    assertThat(requests.stub().getVersion(GetVersionRequest.getDefaultInstance()).getVersion())
        .isEqualTo("2.6.18");
    assertThat(milvus.client().getServerVersion()).isEqualTo("2.6.18");
    milvus.drop("proxy_clock");
  }

  @Test
  @SuppressWarnings("deprecation") // newer servers fill in nothing but the old code
  void aMissingCollectionIsReportedAsTheVersionReportsIt() {
    connect(MilvusVersion.V2_6);
    Status status = requests.describe("proxy_nowhere").getStatus();
    assertThat(status.getCode()).isZero();
    assertThat(status.getErrorCodeValue()).isEqualTo(ErrorCode.CollectionNotExists_VALUE);
    assertThat(status.getReason()).contains("can't find collection").contains("proxy_nowhere");
    disconnect();
    connect(MilvusVersion.V2_5);
    assertThat(requests.describe("proxy_nowhere").getStatus().getCode()).isIn(4, 100);
  }

  @Test
  void requestsAreRefusedAsATestLikes() {
    connect(MilvusVersion.V2_6);
    Status busy = Status.newBuilder().setCode(503).setReason("channel not available").build();
    Status unknown = Status.newBuilder().setCode(7_777).setRetriable(true).build();
    proxy.refuse(QueryRequest.class, busy, unknown);
    QueryRequest query = MilvusRequests.query("proxy_any", ALL, 0).build();
    assertThat(requests.stub().query(query).getStatus()).isEqualTo(busy);
    assertThat(requests.stub().query(query).getStatus()).isEqualTo(unknown);
    assertThat(requests.stub().query(query).getStatus().getCode()).as("no such one").isEqualTo(100);
    assertThat(proxy.requests(QueryRequest.class)).containsExactly(query, query, query);
  }

  @Test
  void someSchemasAndRowsAreRefused() {
    connect(MilvusVersion.V2_6);
    assertThatThrownBy(() -> create("proxy_refused", "like", 4))
        .isInstanceOf(MilvusClientException.class)
        .hasMessageContaining("field name invalid");
    assertThatThrownBy(() -> create("proxy_refused", "v", 1))
        .isInstanceOf(MilvusClientException.class)
        .hasMessageContaining("2 ~ 32768");
    milvus.create("proxy_meta", DataType.Int64, true);
    FieldData ids =
        FieldData.newBuilder().setFieldName("id").setType(io.milvus.grpc.DataType.Int64).build();
    FieldData dynamic =
        FieldData.newBuilder()
            .setIsDynamic(true)
            .setType(io.milvus.grpc.DataType.JSON)
            .setScalars(
                io.milvus.grpc.ScalarField.newBuilder()
                    .setJsonData(
                        io.milvus.grpc.JSONArray.newBuilder()
                            .addData(
                                com.google.protobuf.ByteString.copyFromUtf8("{\"label\": 1}"))))
            .build();
    Status status =
        requests
            .stub()
            .insert(
                io.milvus.grpc.InsertRequest.newBuilder()
                    .setCollectionName("proxy_meta")
                    .addFieldsData(ids)
                    .addFieldsData(dynamic)
                    .build())
            .getStatus();
    assertThat(status.getCode()).isEqualTo(65_535);
    assertThat(status.getReason()).contains("label");
    milvus.drop("proxy_meta");
  }

  private void create(String name, String vector, int dimension) {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(vector)
            .dataType(DataType.FloatVector)
            .dimension(dimension)
            .build());
    milvus
        .client()
        .createCollection(
            CreateCollectionReq.builder().collectionName(name).collectionSchema(schema).build());
  }

  @Test
  void filtersCutCharactersToSixteenBitsUnlessTheyAreEscaped() {
    connect(MilvusVersion.V2_6);
    milvus.create("proxy_filters", DataType.VarChar);
    String shop = "\uD842\uDFB7野家"; // U+20BB7, of which U+0BB7 is left
    milvus.insert(
        "proxy_filters", List.of(row(shop), row("\u0BB7野家"), row("\\U00020BB7"), row("野家")));
    milvus.delete("proxy_filters", "id in [\"" + shop + "\"]");
    MilvusRows rows = new MilvusRows(milvus.client());
    assertThat(rows.query("proxy_filters", "id >= \"\"", "id"))
        .as("another row is deleted than was asked for")
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder(shop, "\\U00020BB7", "野家");
    assertThat(rows.query("proxy_filters", "id == \"\\U00020BB7野家\"", "id"))
        .extracting(row -> row.get("id"))
        .containsExactly(shop);
    assertThat(rows.query("proxy_filters", "id == \"\\\\U00020BB7\"", "id"))
        .extracting(row -> row.get("id"))
        .containsExactly("\\U00020BB7");
    milvus.delete("proxy_filters", "id in [\"\\U00020BB7\\u91ce家\"]");
    assertThat(rows.query("proxy_filters", "id >= \"\"", "id")).hasSize(2);
    milvus.drop("proxy_filters");
  }

  @Test
  void aDescriptionStillHasTheAliasesOfBeforeASwitch() {
    connect(MilvusVersion.V2_6);
    milvus.create("proxy_old", DataType.Int64);
    milvus.create("proxy_new", DataType.Int64);
    MilvusClientV2 client = milvus.client();
    client.createAlias(
        CreateAliasReq.builder().alias("proxy_alias").collectionName("proxy_old").build());
    assertThat(requests.describe("proxy_old").getAliasesList()).containsExactly("proxy_alias");
    client.alterAlias(
        AlterAliasReq.builder().alias("proxy_alias").collectionName("proxy_new").build());
    assertThat(requests.describe("proxy_old").getAliasesList()).containsExactly("proxy_alias");
    assertThat(requests.describe("proxy_new").getAliasesList()).isEmpty();
    assertThat(aliases("proxy_old")).isEmpty();
    assertThat(aliases("proxy_new")).containsExactly("proxy_alias");
    assertThat(
            client
                .describeAlias(DescribeAliasReq.builder().alias("proxy_alias").build())
                .getCollectionName())
        .isEqualTo("proxy_new");
    client.dropAlias(DropAliasReq.builder().alias("proxy_alias").build());
    assertThat(requests.describe("proxy_old").getAliasesList()).isEmpty();
    milvus.drop("proxy_old");
    milvus.drop("proxy_new");
  }

  private List<String> aliases(String collection) {
    return milvus
        .client()
        .listAliases(ListAliasesReq.builder().collectionName(collection).build())
        .getAlias();
  }

  @Test
  void fieldsThatAreNotLoadedAreLeftOutAndStructArraysAreListedApart() {
    connect(MilvusVersion.V2_6);
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(AddFieldReq.builder().fieldName("cold").dataType(DataType.Int64).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("v")
            .dataType(DataType.FloatVector)
            .dimension(MilvusCollections.DIMENSION)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("clips")
            .dataType(DataType.Array)
            .elementType(DataType.Struct)
            .maxCapacity(4)
            .addStructField(
                AddFieldReq.builder().fieldName("second").dataType(DataType.Int64).build())
            .build());
    MilvusClientV2 client = milvus.client();
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName("proxy_fields")
            .collectionSchema(schema)
            .build());
    DescribeCollectionResponse description = requests.describe("proxy_fields");
    assertThat(description.getSchema().getFieldsList())
        .extracting(io.milvus.grpc.FieldSchema::getName)
        .containsExactly("id", "cold", "v");
    assertThat(description.getSchema().getStructArrayFieldsList())
        .extracting(io.milvus.grpc.StructArrayFieldSchema::getName)
        .containsExactly("clips");

    milvus.indexAndLoad("proxy_fields", "v");
    client.loadCollection(
        LoadCollectionReq.builder()
            .collectionName("proxy_fields")
            .loadFields(List.of("id", "v"))
            .build());
    JsonObject row = row(1);
    row.remove("label");
    row.addProperty("cold", 7);
    try (MilvusCollections behind = new MilvusCollections(server)) { // which has no clips
      insertRaw(behind.client(), "proxy_fields", row);
    }
    MilvusRows rows = new MilvusRows(client);
    assertThat(rows.query("proxy_fields", ALL))
        .extracting(Map::keySet)
        .allSatisfy(names -> assertThat(names).containsExactlyInAnyOrder("id", "v"));
    assertThatThrownBy(() -> rows.query("proxy_fields", ALL, "cold")).hasMessageContaining("cold");
    milvus.drop("proxy_fields");
  }

  private static void insertRaw(MilvusClientV2 client, String collection, JsonObject row) {
    client.insert(InsertReq.builder().collectionName(collection).data(List.of(row)).build());
  }

  /** In front of Milvus Lite, which has functions. */
  @Test
  void anOutputOfAFunctionIsLeftOutAndCannotBeNamed() {
    connect(MilvusVersion.V2_6);
    try (MilvusVersionProxy lite =
            new MilvusVersionProxy(MilvusVersion.V2_6, Stack.milvusLite().milvusLite().uri());
        MilvusCollections collections = new MilvusCollections(lite.uri())) {
      MilvusClientV2 client = collections.client();
      collections.createWithFunction("proxy_bm25");
      JsonObject row = new JsonObject();
      row.addProperty("id", 1);
      row.addProperty("text", "hello world");
      insertRaw(client, "proxy_bm25", row);
      MilvusRows rows = new MilvusRows(client);
      assertThat(rows.query("proxy_bm25", "id >= 0"))
          .extracting(Map::keySet)
          .allSatisfy(names -> assertThat(names).containsExactlyInAnyOrder("id", "text"));
      assertThatThrownBy(() -> rows.query("proxy_bm25", "id >= 0", "words"))
          .hasMessageContaining("not allowed to retrieve raw data of field words");
      collections.drop("proxy_bm25");
    }
  }
}
