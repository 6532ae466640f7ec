package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.it.SinkRecords.tombstone;
import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.SnapshotMarker;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.it.milvus.MilvusVersion;
import io.vectorconnect.it.milvus.MilvusVersionProxy;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink writes to newer versions of Milvus. */
@Services(owned = MILVUS)
@Timeout(120)
class MilvusVersionsSinkIT {
  private final MilvusCollections milvus = new MilvusCollections(); // around the proxy
  private final MilvusRows rows = new MilvusRows(milvus.client());
  private MilvusVersionProxy proxy;

  private SinkHarness sink(MilvusVersion version, String topic, String... more) {
    proxy = new MilvusVersionProxy(version, Stack.milvus().uri());
    Map<String, String> config = MilvusCollections.sinkConfig("versions", topic);
    config.put("connection.uri", proxy.uri());
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new SinkHarness(new MilvusSinkTask(), config);
  }

  @AfterEach
  void tidy() {
    proxy.close();
    milvus.client().listCollections().getCollectionNames().stream()
        .filter(name -> name.startsWith("versions_") || name.startsWith("vector_connect_"))
        .forEach(milvus::drop);
    milvus.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = MilvusVersion.class,
      names = {"V2_5", "V2_6", "V3_0"})
  void aCollectionIsCreatedAndRowsAreWrittenAndDeleted(MilvusVersion version) throws Exception {
    try (SinkHarness sink = sink(version, "versions_made")) {
      sink.write(
          row(sink, "versions_made", 1, "first", 1, 1, 1),
          row(sink, "versions_made", 2, "goes", 2, 2, 2),
          row(sink, "versions_made", 1, "second", 1, 2, 3),
          tombstone(sink, "versions_made", 2));
      assertThat(sink.reasons()).isEmpty();
      assertThat(proxy.requests(DescribeCollectionRequest.class)).isNotEmpty();
    }
    assertThat(rows.labelled("versions_made")).containsExactly("1|second|[1.0, 2.0, 3.0]");
  }

  @Test
  void keysOfAnyCharacterAreDeletedAndNoOthers() throws Exception {
    Schema key = SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build();
    Schema value =
        SchemaBuilder.struct()
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .build();
    // The second and fourth are what is left of the others when their characters are cut.
    List<String> ids = List.of("\uD842\uDFB7野家", "\u0BB7野家", "😀", "\uF600", "\\U0001F600", "野家");
    try (SinkHarness sink = sink(MilvusVersion.V2_6, "versions_texts")) {
      List<SinkRecord> written = new ArrayList<>();
      for (String id : ids) {
        Struct row = new Struct(value).put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
        written.add(sink.record("versions_texts", key, new Struct(key).put("id", id), value, row));
      }
      sink.write(written.toArray(SinkRecord[]::new));
      for (int i : new int[] {0, 2}) {
        sink.write(
            sink.record("versions_texts", key, new Struct(key).put("id", ids.get(i)), null, null));
      }
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(rows.query("versions_texts", "id >= \"\"", "id"))
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder("\u0BB7野家", "\uF600", "\\U0001F600", "野家");
    assertThat(proxy.requests(DeleteRequest.class))
        .isNotEmpty()
        .allSatisfy(
            request ->
                assertThat(request.getExpr().codePoints()).allMatch(Character::isBmpCodePoint));
  }

  @Test
  void aBusyServerIsTriedAgain() throws Exception {
    int[] codes = {12, 401, 501, 503, 602, 901, 902, 903, 904, 905};
    try (SinkHarness sink = sink(MilvusVersion.V2_6, "versions_busy")) {
      sink.write(row(sink, "versions_busy", 1, "first", 1, 1, 1));
      for (int code : codes) {
        proxy.refuse(
            UpsertRequest.class, Status.newBuilder().setCode(code).setReason("not now").build());
        sink.write(row(sink, "versions_busy", code, "row " + code, 2, 2, 2));
        assertThat(sink.reasons()).as("code %d", code).isEmpty();
      }
    }
    assertThat(rows.labelled("versions_busy")).hasSize(1 + codes.length);
  }

  @Test
  void aCodeThatIsNotKnownIsTriedAgainWhereTheServerSaysSo() throws Exception {
    try (SinkHarness sink = sink(MilvusVersion.V2_6, "versions_unknown")) {
      sink.write(row(sink, "versions_unknown", 1, "first", 1, 1, 1));
      proxy.refuse(
          UpsertRequest.class,
          Status.newBuilder().setCode(7_777).setRetriable(true).setReason("new").build());
      sink.write(row(sink, "versions_unknown", 2, "second", 2, 2, 2));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(rows.labelled("versions_unknown")).hasSize(2);
  }

  @Test
  void aRequestThatIsTooLargeIsDivided() throws Exception {
    try (SinkHarness sink = sink(MilvusVersion.V2_6, "versions_large")) {
      sink.write(row(sink, "versions_large", 1, "first", 1, 1, 1));
      proxy.refuse(
          UpsertRequest.class,
          Status.newBuilder().setCode(1_102).setReason("parameter too large").build());
      sink.write(
          row(sink, "versions_large", 2, "second", 2, 2, 2),
          row(sink, "versions_large", 3, "third", 3, 3, 3));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(rows.labelled("versions_large")).hasSize(3);
  }

  @Test
  void aNameThatTheServerReservesIsReported() {
    Schema value =
        SchemaBuilder.struct()
            .field("like", Schema.STRING_SCHEMA)
            .field("v", VectorSchema.builder(VectorType.FLOAT, 2).build())
            .build();
    try (SinkHarness sink = sink(MilvusVersion.V2_6, "versions_reserved")) {
      Struct row =
          new Struct(value)
              .put("like", "x")
              .put("v", PackedVector.ofFloats(new float[] {1, 2}).bytes());
      SinkRecord record =
          sink.record("versions_reserved", SinkRecords.KEY, SinkRecords.key(1), value, row);
      sink.putOnce(record);
      sink.commit();
      assertThat(sink.errant.get(record)).hasMessageContaining("like");
    }
    assertThat(rows.count("versions_reserved")).isNegative();
  }

  @Test
  void theCollectionThatAnAliasHadBeforeIsDropped() throws Exception {
    milvus.create("versions_alias_old", DataType.Int64);
    milvus
        .client()
        .createAlias(
            CreateAliasReq.builder()
                .alias("versions_alias")
                .collectionName("versions_alias_old")
                .build());
    try (SinkHarness sink =
        sink(
            MilvusVersion.V2_6,
            "versions_alias",
            "alias.switch",
            "true",
            "alias.idle.ms",
            "2000",
            "alias.old",
            "drop")) {
      for (int id = 1; id <= 50; id++) {
        SinkRecord record = row(sink, "versions_alias", id, "new", id, 2, 3);
        SnapshotMarker.TRUE.addTo(record.headers());
        sink.put(record);
      }
      Await.until(
          "the drop of the old collection",
          () -> {
            sink.put();
            sink.commit();
            return !milvus
                .client()
                .listCollections()
                .getCollectionNames()
                .contains("versions_alias_old");
          });
    }
    assertThat(rows.query("versions_alias", "", "count(*)").get(0)).containsValue(50L);
    assertThat(proxy.requests(ListAliasesRequest.class)).isNotEmpty();
    milvus.client().dropAlias(DropAliasReq.builder().alias("versions_alias").build());
  }
}
