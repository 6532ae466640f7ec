package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.MILVUS;
import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Connect's validate endpoint tells a user before anything starts, and on which key. */
@Services(
    alone = MILVUS,
    shared = {CONNECT, OPENGAUSS, POSTGRESQL})
@Timeout(180)
class ValidateIT {
  /** Nothing listens on port 1 of loopback. */
  private static final String NOWHERE = "http://127.0.0.1:1";

  @BeforeAll
  static void createCollection() {
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create("validated", DataType.Int64);
      milvus.create("released", DataType.Int64);
      milvus
          .client()
          .releaseCollection(ReleaseCollectionReq.builder().collectionName("released").build());
    }
  }

  @AfterAll
  static void dropCollection() {
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.drop("validated");
      milvus.drop("released");
    }
  }

  private static Map<String, List<String>> validate(
      Map<String, String> config, String key, String value) {
    config.put(key, value);
    return Stack.connect().validate(config);
  }

  /** Exactly one key has an error, and it says this. */
  private static void assertError(
      Map<String, List<String>> errors, String key, String... messages) {
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(messages);
  }

  private static Map<String, String> source() {
    return MilvusCollections.sourceConfig("validate-source", "validated");
  }

  private static Map<String, String> changeStream() {
    return MilvusChangeStreamIT.changeStream("validate-source", "validated");
  }

  private static void onKafka(Runnable test) throws Exception {
    try (MilvusCollections milvus = new MilvusCollections(Stack.get().milvusOnKafka())) {
      milvus.create("validated", DataType.Int64);
      milvus.awaitLoaded("validated");
      test.run();
      milvus.drop("validated");
    }
  }

  @Test
  void theKafkaOfMilvusLogIsTried() throws Exception {
    onKafka(ValidateIT::kafkaOfTheLog);
  }

  private static void kafkaOfTheLog() {
    assertThat(Stack.connect().validate(changeStream())).isEmpty();
    assertError(
        validate(changeStream(), "change.stream.bootstrap.servers", ""),
        "change.stream.bootstrap.servers",
        "needs the Kafka of Milvus's log");
    Map<String, String> impatient = changeStream();
    impatient.put("connection.timeout.ms", "3000");
    assertError(
        validate(impatient, "change.stream.bootstrap.servers", "127.0.0.1:1"),
        "change.stream.bootstrap.servers",
        "no answer from [127.0.0.1:1]");
  }

  @Test
  void partitionsThatCannotBeReadAreTold() throws Exception {
    onKafka(ValidateIT::unreadablePartitions);
  }

  private static void unreadablePartitions() {
    assertError(
        validate(source(), "partitions.include", ".*"), "partitions.include", "change_stream");
    assertError(
        validate(changeStream(), "partition.field", "place"),
        "partition.field",
        "partitions.include");
    assertError(
        validate(changeStream(), "partitions.include", "north"),
        "collection.include.list",
        "no partition of collection validated matches");
    Map<String, String> taken = changeStream();
    taken.put("partitions.include", ".*");
    assertError(
        validate(taken, "partition.field", "label"),
        "collection.include.list",
        "has a field label of its own");
  }

  private static Map<String, String> sink() {
    return Sql.postgresql().sinkConfig("validated");
  }

  @Test
  void rightConfigurationsPass() {
    assertThat(Stack.connect().validate(source())).isEmpty();
    assertThat(Stack.connect().validate(sink())).isEmpty();
    assertThat(Stack.connect().validate(Sql.openGauss().sinkConfig("validated"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "connection.password, wrong, refused the login",
    "connection.uri, " + NOWHERE + ", No answer from " + NOWHERE,
    "connection.uri, nonsense, write http://host:port",
    "connection.database, nowhere, nowhere",
    "collection.include.list, absent, has no collections [absent]",
    "collection.include.list, absent.*, matches",
    "collection.include.list, Validated, has no collections [Validated]; there is validated",
    "colection.include.list, validated, is collection.include.list meant?",
    "collection.include.list, released, Load the collection first",
    "collection.include.list, [, regular expression",
    "mode, sometimes, snapshot_then_poll",
    "poll.interval.ms, -1, at least",
  })
  void theMilvusSourceTellsWhatIsWrongOnItsKey(String key, String value, String message) {
    assertError(validate(source(), key, value), key, message);
  }

  @ParameterizedTest
  @CsvSource({
    "connection.password, wrong, refused the password of user",
    "connection.user, nobody, ''",
    "connection.host, no-such-host.invalid, No connection to no-such-host.invalid",
    "connection.port, 1, No connection to 127.0.0.1:1",
    "connection.database, nowhere, There is no database nowhere",
    "connection.sslmode, verify-full, ''",
    "table.name.format, absent_schema.${topic}, Schema absent_schema does not exist",
    "dialect, mysql, postgresql",
    "table.name.fromat, validated, is table.name.format meant?",
    "vector.lossy.casts, anything, float64_to_float32",
  })
  void theSinkTellsWhatIsWrongOnItsKey(String key, String value, String message) {
    Map<String, List<String>> errors = validate(sink(), key, value);
    String where =
        switch (key) {
          case "connection.port" -> "connection.host";
          case "connection.user" -> "connection.password"; // the server does not tell which
          default -> key;
        };
    assertError(errors, where, message);
  }

  @Test
  void aDatabaseWithoutThePgvectorExtensionIsToldOnTheDatabase() throws Exception {
    Sql.postgresql().execute("CREATE DATABASE bare");
    assertError(
        validate(sink(), "connection.database", "bare"),
        "connection.database",
        "Database bare has no type vector",
        "CREATE EXTENSION vector");
  }

  @Test
  void missingGrantsAndUnfitTablesAreTold() throws Exception {
    Sql sql = Sql.postgresql();
    String name = sql.server().database();
    sql.execute(
        "CREATE ROLE limited LOGIN PASSWORD 'limited'",
        "REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC",
        "CREATE TABLE unfit (a bigint, b bigint, v vector(3), PRIMARY KEY (a, b))");
    Map<String, String> config = sql.sinkConfig("unfit");
    config.put("connection.user", "limited");
    config.put("connection.password", "limited");
    assertError(Stack.connect().validate(config), "connection.user", "GRANT TEMPORARY ON DATABASE");
    sql.execute("GRANT TEMPORARY ON DATABASE " + name + " TO limited");
    assertError(
        Stack.connect().validate(config),
        "connection.user",
        "limited has not SELECT on table unfit");
    sql.execute("GRANT ALL ON unfit TO limited");
    assertError(validate(config, "pk.fields", "a"), "pk.fields", "Table unfit has no primary key");
    assertThat(validate(config, "pk.fields", "b,a")).isEmpty();
    config.put("topics", "unfit,absent");
    assertError(
        Stack.connect().validate(config), "auto.create", "may not create tables in schema public");
    sql.execute("GRANT TEMPORARY ON DATABASE " + name + " TO PUBLIC");
  }

  @ParameterizedTest
  @CsvSource({
    "v:4, none, vector.fields, 'Column v of table shaped is vector(3), not of dimension 4'",
    "id:3, none, vector.fields, 'Column id of table shaped is bigint, not a vector'",
    "w:3, none, vector.fields, 'Table shaped has no column w; add it'",
    "free:3, after_snapshot, index.build, 'column free (vector) of table shaped cannot be indexed'",
    "v:3, after_snapshot, '', ''",
    "free:3, none, '', ''",
  })
  void vectorsThatExistingTablesCannotHoldAreTold(
      String vectorFields, String build, String key, String message) throws Exception {
    Sql sql = Sql.postgresql();
    sql.execute(
        "CREATE TABLE IF NOT EXISTS shaped (id bigint PRIMARY KEY, v vector(3), free vector)");
    Map<String, String> config = sql.sinkConfig("shaped");
    config.put("index.build", build);
    Map<String, List<String>> errors = validate(config, "vector.fields", vectorFields);
    if (key.isEmpty()) {
      assertThat(errors).isEmpty();
    } else {
      assertError(errors, key, message);
    }
  }

  @Test
  void keysThatContradictEachOtherAreTold() {
    Map<String, String> config = sink();
    config.put("pk.mode", "none");
    assertError(
        Stack.connect().validate(config), "pk.mode", "an upsert needs a key", "record_value");
  }

  @Test
  void passwordsAreNeverInTheAnswer() {
    Map<String, String> config = source();
    config.put("connection.password", "top-secret-9");
    assertThat(Stack.connect().validate(config).toString()).doesNotContain("top-secret-9");
  }
}
