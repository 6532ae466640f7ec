package io.vectorconnect.milvus.sink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.DataType;
import io.vectorconnect.milvus.sink.collection.VectorIndex;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PkMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

public class MilvusSinkConfigTest {

  public static MilvusSinkConfig config(String... more) {
    Map<String, String> properties = new HashMap<>();
    properties.put("connection.uri", "http://milvus:19530");
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return MilvusSinkConfig.of(properties);
  }

  @Test
  void defaultsNeedOnlyTheAddress() {
    MilvusSinkConfig config = config();
    assertThat(config.rows().insertMode()).isEqualTo(InsertMode.UPSERT);
    assertThat(config.rows().pkMode()).isEqualTo(PkMode.RECORD_KEY);
    assertThat(config.rows().deleteEnabled()).isTrue();
    assertThat(config.rows().writeSettings().maxBytes()).isEqualTo(16 << 20);
    assertThat(config.autoCreate()).isTrue();
    assertThat(config.fieldLimits().varcharMaxLength()).isEqualTo(65_535);
    assertThat(config.collectionNameFormat()).isEqualTo("${topic}");
    assertThat(config.connection().database()).isEqualTo("default");
  }

  @Test
  void theVendorsKeysStandForOurs() {
    MilvusSinkConfig config =
        MilvusSinkConfig.of(
            Map.of(
                "public.endpoint",
                "https://x.zillizcloud.com",
                "token",
                "a:b",
                "collection.name",
                "mine",
                "topics",
                "t"));
    assertThat(config.connection().uri()).isEqualTo("https://x.zillizcloud.com");
    assertThat(config.connection().loginKey()).isEqualTo("connection.token");
    assertThat(config.collectionNameFormat()).isEqualTo("mine");
    assertThat(config.values().toString()).doesNotContain("a:b");
  }

  @Test
  void zillizCloudChoosesItsIndexesUnlessOneIsNamed() {
    String[] clusters = {
      "https://in01-1a2b.aws-us-west-2.vectordb.zillizcloud.com:19530",
      "https://in03-1a2b.serverless.gcp-us-west1.cloud.zilliz.com",
      "https://in01-1a2b.ali-cn-hangzhou.vectordb.zilliz.com.cn:19530"
    };
    for (String cluster : clusters) {
      MilvusSinkConfig config = config("connection.uri", cluster);
      for (DataType type : List.of(DataType.FloatVector, DataType.SparseFloatVector)) {
        assertThat(VectorIndex.of(type, "IP", config))
            .isEqualTo(new VectorIndex("AUTOINDEX", "IP", Map.of()));
      }
      assertThat(
              VectorIndex.of(
                  DataType.FloatVector,
                  "L2",
                  config("connection.uri", cluster, "index.type", "DISKANN")))
          .isEqualTo(new VectorIndex("DISKANN", "L2", Map.of()));
    }
    assertThat(
            VectorIndex.of(
                DataType.FloatVector, "L2", config("connection.uri", "https://notzilliz.com:1")))
        .isEqualTo(new VectorIndex("HNSW", "L2", Map.of("M", "16", "efConstruction", "256")));
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> config("public.endpoint", "http://other:1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("connection.uri and public.endpoint mean the same");
    assertThatThrownBy(() -> config("pk.mode", "none"))
        .hasMessageContaining("an upsert needs a key");
    assertThatThrownBy(() -> config("pk.mode", "record_value"))
        .hasMessageContaining("record_value needs pk.fields");
    assertThatThrownBy(() -> config("collection.auto.id", "nr"))
        .hasMessage(
            "collection.auto.id: the key comes with the record where pk.mode=record_key; set pk.mode=none, or leave it out");
    assertThatThrownBy(() -> config("index.params", "M"))
        .hasMessageContaining("must be name=value");
    assertThatThrownBy(() -> config("varchar.max.length", "65536"))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> config("connection.uri", "milvus:19530"))
        .isInstanceOf(ConfigException.class);
  }
}
