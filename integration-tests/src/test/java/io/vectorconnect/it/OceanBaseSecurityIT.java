package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.CONNECT;
import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.LocalStack;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkTask;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Encrypted connections of source and sink. It is the server that tells whether they are: it lets
 * one of its users in over nothing else.
 */
@Services(alone = OCEANBASE, shared = CONNECT)
@Timeout(120)
class OceanBaseSecurityIT {
  private static final String MODE = "connection.sslmode";
  private static final String ROOT = "connection.sslrootcert";

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static OceanBase sql;
  private static Path caFile;
  private static Path otherCaFile;

  @BeforeAll
  static void startAServerWithACertificate() throws Exception {
    TestCertificates authority = new TestCertificates(folder.resolve("ca"));
    caFile = authority.caFile();
    otherCaFile = new TestCertificates(folder.resolve("other")).caFile();
    stack =
        LocalStack.builder()
            .components(Component.OCEANBASE)
            .oceanBaseCertificates(authority.serverFiles("ip:127.0.0.1"))
            .start();
    sql = OceanBase.database(stack.oceanBase(), "secured");
    sql.execute(
        "CREATE USER careful IDENTIFIED BY 'careful' REQUIRE SSL",
        "GRANT ALL ON *.* TO careful",
        "CREATE TABLE there (id BIGINT PRIMARY KEY, label VARCHAR(20), v VECTOR(3))",
        "INSERT INTO there VALUES (1, 'row', '[1,2,3]')");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static void careful(Map<String, String> config, String mode, Path ca) {
    config.put("connection.user", "careful");
    config.put("connection.password", "careful");
    config.put(MODE, mode);
    config.put(ROOT, ca == null ? "" : ca.toString());
  }

  private static Map<String, String> source() {
    return sql.sourceConfig("secured", "there");
  }

  private static Map<String, String> sink() {
    Map<String, String> config = sql.sinkConfig("there");
    config.put("pk.fields", "id");
    return config;
  }

  @ParameterizedTest
  @CsvSource({"require, false", "verify-ca, true", "verify-full, true"})
  void rowsGoInAndOutEncrypted(String mode, boolean withCa) throws Exception {
    String table = mode.replace('-', '_');
    Map<String, String> in = sql.sinkConfig(table);
    careful(in, mode, withCa ? caFile : null);
    assertThat(Stack.connect().validate(in)).isEmpty();
    try (SinkHarness sink = new SinkHarness(new OceanBaseSinkTask(), in)) {
      sink.write(row(sink, table, 1, "secret", 0.1f, -2, 3));
      assertThat(sink.reasons()).isEmpty();
    }
    Map<String, String> out = sql.sourceConfig("out_" + table, table);
    careful(out, mode, withCa ? caFile : null);
    assertThat(Stack.connect().validate(out)).isEmpty();
    List<SourceRecord> read =
        new SourceHarness(new OceanBaseSourceConnector()).run(out, records -> records.size() == 1);
    assertThat(((Struct) read.get(0).value()).getBytes("v"))
        .isEqualTo(PackedVector.ofFloats(new float[] {0.1f, -2, 3}).bytes());
  }

  /** Else nothing here would prove that the connections above were encrypted. */
  @Test
  void thatUserDoesNotComeInUnencryptedAndOthersDo() {
    for (Map<String, String> config : List.of(source(), sink())) {
      assertThat(Stack.connect().validate(config)).isEmpty();
      careful(config, "disable", null);
      assertError(config, "connection.password", "ccess denied");
    }
  }

  @Test
  void validateTellsOnItsKeyWhoIsNotTrusted() {
    for (Map<String, String> config : List.of(source(), sink())) {
      for (String mode : List.of("verify-ca", "verify-full")) {
        careful(config, mode, otherCaFile);
        assertError(config, ROOT, "PKIX path");
        careful(config, mode, null); // the JVM's authorities do not know it either
        assertError(config, ROOT, "PKIX path");
        careful(config, mode, folder.resolve("absent.pem"));
        assertError(config, ROOT, "Failed to find serverSslCert file");
      }
      careful(config, "require", otherCaFile);
      assertThat(Stack.connect().validate(config)).isEmpty();
    }
  }

  @Test
  void onlyVerifyFullAsksForTheNameInTheCertificate() {
    for (Map<String, String> config : List.of(source(), sink())) {
      config.put("connection.host", "localhost");
      careful(config, "verify-ca", caFile);
      assertThat(Stack.connect().validate(config)).isEmpty();
      careful(config, "verify-full", caFile);
      assertError(config, MODE, "localhost");
    }
  }

  @Test
  void aServerWithoutACertificateIsRefusedNotReadInTheClear() {
    OceanBase plain = OceanBase.database("unsecured");
    for (Map<String, String> config :
        List.of(plain.sourceConfig("unsecured", ".*"), plain.sinkConfig("unsecured"))) {
      config.put(MODE, "require");
      assertError(config, MODE, "SSL");
    }
  }

  private static void assertError(Map<String, String> config, String key, String message) {
    Map<String, List<String>> errors = Stack.connect().validate(config);
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(message);
  }
}
