package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.WEAVIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inactive tenants of Weaviate: told, activated on request, and put back however a task ends. */
@Services(alone = WEAVIATE)
@Timeout(120)
class WeaviateTenantsIT {
  private static final int ROWS = 300;

  private final WeaviateObjects weaviate = new WeaviateObjects();

  @BeforeEach
  void putATenantToSleep() {
    weaviate.fill("Guests", 0, ",\"multiTenancyConfig\":{\"enabled\":true}");
    tenants("POST", "[{\"name\":\"awake\"},{\"name\":\"asleep\"}]");
    weaviate.insertNumbers("Guests", ROWS, "awake");
    weaviate.insertNumbers("Guests", ROWS, "asleep");
    state("INACTIVE");
  }

  @AfterEach
  void drop() {
    weaviate.drop("Guests");
  }

  private void tenants(String method, String json) {
    weaviate.call(method, "/v1/schema/Guests/tenants", json);
  }

  private void state(String state) {
    tenants("PUT", "[{\"name\":\"asleep\",\"activityStatus\":\"" + state + "\"}]");
  }

  private String state() {
    for (var tenant : weaviate.call("GET", "/v1/schema/Guests/tenants", "")) {
      if (tenant.path("name").asText().equals("asleep")) {
        return tenant.path("activityStatus").asText();
      }
    }
    return "";
  }

  private Map<String, String> config(String... more) {
    Map<String, String> config = weaviate.sourceConfig("Guests", more);
    config.put("tenant.activate", "true");
    config.put("tenant.include.list", "asleep");
    config.put("batch.max.rows", "50");
    config.put("retry.backoff.ms", "20");
    return config;
  }

  private static SourceHarness source() {
    return new SourceHarness(new WeaviateSourceConnector());
  }

  @Test
  void anInactiveTenantIsNamedAndLeftOut() throws Exception {
    TestLog log = new TestLog();
    Map<String, String> config = config();
    config.put("tenant.activate", "false");
    config.put("tenant.include.list", ".*");
    List<SourceRecord> records = source().run(config, read -> read.size() == ROWS);
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
    assertThat(log.text()).contains("asleep (COLD)").contains("tenant.activate=true");
    assertThat(state()).isEqualTo("COLD");
  }

  @Test
  void aStopInMidScanPutsTheTenantBackAndTheNextStartGoesOn() throws Exception {
    SourceHarness source = source();
    String[] during = {""};
    List<SourceRecord> first =
        source.run(
            config(),
            read -> {
              during[0] = state();
              return read.size() == 120;
            });
    assertThat(during[0]).isEqualTo("HOT");
    assertThat(state()).isEqualTo("COLD");
    List<SourceRecord> rest = source.run(config(), read -> read.size() == ROWS - 120);
    assertThat(state()).isEqualTo("COLD");
    assertThat(WeaviateObjects.ids(first)).containsExactlyElementsOf(WeaviateObjects.uuids(120));
    assertThat(WeaviateObjects.ids(rest))
        .containsExactlyElementsOf(WeaviateObjects.uuids(ROWS).subList(120, ROWS));
  }

  @Test
  void aTaskThatFailsPutsTheTenantBack() throws Exception {
    weaviate.drop("Guests");
    weaviate.create(
        "Guests",
        "\"properties\":[{\"name\":\"number\",\"dataType\":[\"int\"]}],"
            + "\"multiTenancyConfig\":{\"enabled\":true}");
    tenants("POST", "[{\"name\":\"asleep\"}]");
    weaviate.insertNumbers("Guests", ROWS, "asleep");
    weaviate.insert(
        "Guests",
        1,
        i -> WeaviateObjects.uuid(ROWS),
        i -> "\"tenant\":\"asleep\",\"properties\":{\"number\":9223372036854775807}");
    state("INACTIVE");
    assertThatThrownBy(() -> source().run(config(), read -> read.size() > ROWS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(WeaviateObjects.uuid(ROWS));
    assertThat(state()).isEqualTo("COLD");
  }

  @Test
  void puttingBackIsTriedAgain() throws Exception {
    try (HttpGate gate = new HttpGate(weaviate.server().url())) {
      AtomicInteger puts = new AtomicInteger();
      gate.fault( // the first activates
          exchange ->
              isPut(exchange)
                  && List.of(2, 3).contains(puts.incrementAndGet())
                  && HttpGate.answer(exchange, 503, ""));
      SourceHarness source = source();
      List<SourceRecord> records =
          source.run(
              config("connection.uri", gate.url()),
              read -> read.size() == ROWS && state().equals("COLD"));
      assertThat(WeaviateObjects.ids(records))
          .containsExactlyElementsOf(WeaviateObjects.uuids(ROWS));
      assertThat(puts).hasValue(4);
    }
  }

  private static boolean isPut(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("PUT");
  }

  @Test
  void oneThatIsPolledIsPutBackWhenTheTaskStops() throws Exception {
    int[] rounds = {0};
    String[] during = {""};
    source()
        .run(
            config("mode", "snapshot_then_poll", "poll.interval.ms", "20"),
            read -> {
              during[0] = state();
              return read.size() >= ROWS && rounds[0]++ > 20;
            });
    assertThat(during[0]).isEqualTo("HOT");
    assertThat(state()).isEqualTo("COLD");
  }

  @Test
  void aLimitNeedsTheTenantWhileItIsPlanned() throws Exception {
    List<SourceRecord> records = source().run(config("row.limit", "20"), read -> read.size() == 20);
    assertThat(WeaviateObjects.ids(records)).containsExactlyElementsOf(WeaviateObjects.uuids(20));
    assertThat(state()).isEqualTo("COLD");
  }

  @Test
  void aUserWhoMayNotActivateIsToldSo() {
    TestLog[] log = new TestLog[1];
    assertThatThrownBy(
            () -> {
              log[0] = new TestLog();
              source()
                  .run(
                      config("connection.token", weaviate.server().readerKey()),
                      read -> read.size() == ROWS);
            })
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("403");
    assertThat(log[0]).satisfies(l -> assertThat(l.text()).doesNotContain("stays active"));
    assertThat(state()).isEqualTo("COLD");
  }
}
