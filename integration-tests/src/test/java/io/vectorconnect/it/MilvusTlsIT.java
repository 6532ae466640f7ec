package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.MILVUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.common.DataType;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.sink.MilvusSinkTask;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Milvus connectors through TLS, one-way and mutual. */
@Services(alone = MILVUS)
@Timeout(60) // far less than a task would try a server again that is away
class MilvusTlsIT {
  private static final String CA = "connection.tls.ca.file";
  private static final String NAME = "connection.tls.server.name";
  private static final String CERTIFICATE = "connection.tls.client.certificate.file";
  private static final String KEY = "connection.tls.client.key.file";

  private static final String ROWS = "encrypted";
  private static final String COPY = "encrypted_copy";
  private static final int COUNT = 300;

  @TempDir private static Path folder;
  private static String caFile;
  private static String otherCaFile;
  private static SSLContext keys;
  private static SSLContext keysOfAnotherHost;
  private static SSLContext expiredKeys;
  private static TestCertificates.Client client;
  private static TestCertificates.Client strangeClient;

  @BeforeAll
  static void prepare() throws Exception {
    TestCertificates authority = new TestCertificates(folder.resolve("ca"));
    caFile = authority.caFile().toString();
    keys = authority.server("ip:127.0.0.1");
    keysOfAnotherHost = authority.server("dns:milvus.example");
    expiredKeys = authority.expiredServer("ip:127.0.0.1");
    client = authority.client();
    TestCertificates other = new TestCertificates(folder.resolve("other"));
    otherCaFile = other.caFile().toString();
    strangeClient = other.client();
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.create(ROWS, DataType.Int64);
      milvus.insert(ROWS, 1, COUNT, MilvusCollections::row);
      milvus.awaitLoaded(ROWS);
    }
  }

  @AfterAll
  static void tidy() {
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.drop(ROWS);
      milvus.drop(COPY);
    }
  }

  private static TlsProxy proxy(SSLContext context, boolean demandsCertificates) throws Exception {
    String target = Stack.milvus().uri().replace("http://", "");
    return new TlsProxy(context, target, demandsCertificates);
  }

  private static TlsProxy proxy(SSLContext context) throws Exception {
    return proxy(context, false);
  }

  private static Map<String, String> through(
      TlsProxy proxy, Map<String, String> config, String... more) {
    config.put("connection.uri", "https://" + proxy.address());
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static Map<String, String> source(TlsProxy proxy, String... more) {
    return through(proxy, MilvusCollections.sourceConfig("it", ROWS), more);
  }

  private static Map<String, String> sink(TlsProxy proxy, String... more) {
    return through(proxy, MilvusCollections.sinkConfig("it", COPY), more);
  }

  private static List<SourceRecord> read(Map<String, String> config) throws Exception {
    return new SourceHarness(new MilvusSourceConnector()).run(config, read -> read.size() == COUNT);
  }

  private static void write(Map<String, String> config, List<SourceRecord> records)
      throws Exception {
    try (SinkHarness sink = new SinkHarness(new MilvusSinkTask(), config)) {
      sink.write(
          records.stream()
              .map(
                  read ->
                      sink.record(
                          COPY, read.keySchema(), read.key(), read.valueSchema(), read.value()))
              .toArray(SinkRecord[]::new));
      assertThat(sink.reasons()).isEmpty();
    }
  }

  /** Both connectors tell the same on the same key. */
  private static void assertTold(TlsProxy proxy, String key, String message, String... more) {
    assertThat(Problems.of(new MilvusSourceConnector(), source(proxy, more)))
        .as("source")
        .containsOnlyKeys(key)
        .allSatisfy((name, problem) -> assertThat(problem).contains(message));
    assertThat(Problems.of(new MilvusSinkConnector(), sink(proxy, more)))
        .as("sink")
        .containsOnlyKeys(key)
        .allSatisfy((name, problem) -> assertThat(problem).contains(message));
  }

  /** Neither goes on trying, though validate was not asked. */
  private static void assertEnded(TlsProxy proxy, String message, String... more) throws Exception {
    assertThatThrownBy(() -> read(source(proxy, more)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(message);
    List<SourceRecord> records = read(MilvusCollections.sourceConfig("it", ROWS));
    assertThatThrownBy(() -> write(sink(proxy, more), records))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rowsAreReadAndWrittenWithCertificatesOnBothSides() throws Exception {
    try (TlsProxy proxy = proxy(keys, true)) {
      String[] mutual = {
        CA, caFile, CERTIFICATE, client.certificate().toString(), KEY, client.key().toString()
      };
      assertThat(Problems.of(new MilvusSourceConnector(), source(proxy, mutual))).isEmpty();
      assertThat(Problems.of(new MilvusSinkConnector(), sink(proxy, mutual))).isEmpty();
      List<SourceRecord> records = read(source(proxy, mutual));
      int readers = proxy.handshakes();
      assertThat(readers).isPositive();
      write(sink(proxy, mutual), records);
      assertThat(proxy.handshakes()).isGreaterThan(readers);
    }
    try (MilvusCollections milvus = new MilvusCollections()) {
      milvus.awaitLoaded(COPY);
      MilvusRows rows = new MilvusRows(milvus.client());
      assertThat(rows.labelled(COPY)).hasSize(COUNT).isEqualTo(rows.labelled(ROWS));
    }
  }

  @Test
  void theServerAloneProvesItsName() throws Exception {
    try (TlsProxy proxy = proxy(keys)) {
      assertThat(Problems.of(new MilvusSinkConnector(), sink(proxy, CA, caFile))).isEmpty();
      assertThat(read(source(proxy, CA, caFile))).hasSize(COUNT);
    }
    try (TlsProxy proxy = proxy(keysOfAnotherHost)) {
      assertThat(read(source(proxy, CA, caFile, NAME, "milvus.example"))).hasSize(COUNT);
      assertTold(proxy, NAME, "another host", CA, caFile);
      assertTold(proxy, NAME, "another host", CA, caFile, NAME, "elsewhere.example");
      assertEnded(proxy, "another host", CA, caFile);
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsToldOnTheKeyOfTheFile() throws Exception {
    try (TlsProxy proxy = proxy(keys)) {
      assertTold(proxy, CA, proxy.address() + " is not trusted");
      assertTold(proxy, CA, proxy.address() + " is not trusted", CA, otherCaFile);
      assertEnded(proxy, "is not trusted", CA, otherCaFile);
      assertThat(proxy.handshakes()).isZero();
    }
    try (TlsProxy proxy = proxy(expiredKeys)) {
      assertTold(proxy, "connection.uri", "has ended", CA, caFile);
    }
  }

  @Test
  void aTaskEndsWhenItsServerIsNotToBeTrustedAnyMore() throws Exception {
    try (TlsProxy proxy = proxy(keys)) {
      AtomicBoolean changed = new AtomicBoolean();
      SourceHarness source = new SourceHarness(new MilvusSourceConnector());
      assertThatThrownBy(
              () ->
                  source.run(
                      source(proxy, CA, caFile, "batch.max.rows", "10"),
                      read -> {
                        if (read.size() >= 15 && !changed.getAndSet(true)) {
                          proxy.changeKeys(keysOfAnotherHost);
                        }
                        return read.size() == COUNT;
                      }))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("another host");
      assertThat(changed).isTrue();
    }
  }

  @Test
  void aClientWithoutACertificateThatTheServerTakesIsTold() throws Exception {
    try (TlsProxy proxy = proxy(keys, true)) {
      String[] strange = {
        CA,
        caFile,
        CERTIFICATE,
        strangeClient.certificate().toString(),
        KEY,
        strangeClient.key().toString()
      };
      assertTold(proxy, CERTIFICATE, "asks for a client's certificate", CA, caFile);
      assertTold(proxy, CERTIFICATE, "refuses the client's certificate", strange);
      assertEnded(proxy, "asks for a client's certificate", CA, caFile);
      assertThat(proxy.handshakes()).isZero();
    }
  }

  @Test
  void uselessKeysAndFilesAreTold() throws Exception {
    try (TlsProxy proxy = proxy(keys)) {
      String empty = Files.writeString(folder.resolve("empty.pem"), "\n").toString();
      assertTold(proxy, CA, "no such file", CA, folder + "/absent.pem");
      assertTold(proxy, CA, "no certificate in it", CA, empty);
      String certificate = client.certificate().toString();
      assertTold(proxy, KEY, "no key in it", CA, caFile, CERTIFICATE, certificate, KEY, empty);
      assertTold(
          proxy,
          KEY,
          "not that of the first certificate",
          CA,
          caFile,
          CERTIFICATE,
          certificate,
          KEY,
          strangeClient.key().toString());
      assertTold(proxy, CA, "is not trusted", NAME, "localhost");
      String plain = Stack.milvus().uri();
      assertTold(proxy, CA, "write https://", CA, caFile, "connection.uri", plain);
      // Encryption that the server does not speak.
      String mixedUp = plain.replace("http:", "https:");
      assertTold(proxy, "connection.uri", "No answer from", "connection.uri", mixedUp);
      assertEnded(proxy, "no such file", CA, folder + "/absent.pem");
    }
  }
}
