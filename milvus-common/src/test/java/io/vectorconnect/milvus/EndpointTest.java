package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "http://localhost, localhost, 19530, false",
    "http://milvus:1/, milvus, 1, false",
    "https://10.0.0.1:65535/db?x, 10.0.0.1, 65535, true",
    "http://[::1]:19531, [::1], 19531, false",
    "https://in01-0a.aws.vectordb.zillizcloud.com, in01-0a.aws.vectordb.zillizcloud.com, 19530, true",
    "https://in01-0a.aws.vectordb.zillizcloud.com:443, in01-0a.aws.vectordb.zillizcloud.com, 443, true",
    "https://in03-0a.serverless.gcp.cloud.zilliz.com, in03-0a.serverless.gcp.cloud.zilliz.com, 443, true",
    "https://in03-0a.serverless.example.com, in03-0a.serverless.example.com, 19530, true",
  })
  void anAddressIsTakenApart(String address, String host, int port, boolean encrypted) {
    assertThat(Endpoint.of(address)).isEqualTo(new Endpoint(host, port, encrypted));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:19530",
        "grpc://a",
        "http://",
        "http://a:0",
        "http://a:65536",
        "http://a:x",
        "http://a b",
        "http://root:secret@a:19530",
        "http://a_b:19530"
      })
  void anyOtherIsRefusedOnItsKeyWithoutWhatItHolds(String address) {
    ConfigDef def = MilvusConnection.define(new ConfigDef());
    assertThatThrownBy(() -> def.parse(Map.of(MilvusConnection.URI, address)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(MilvusConnection.URI)
        .hasMessageNotContaining("secret")
        .hasMessageContaining("write http://host:port or https://host:port");
  }

  @Test
  void aClusterOfZillizCloudIsKnownByItsHost() {
    assertThat(Endpoint.of("https://IN01-0A.aws.vectordb.ZillizCloud.com:443").isZillizCloud())
        .isTrue();
    assertThat(Endpoint.of("https://zillizcloud.com.example.com/.zillizcloud.com").isZillizCloud())
        .isFalse();
  }
}
