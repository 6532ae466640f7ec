package io.vectorconnect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.datavec.sink.DataVecSinkConnector;
import io.vectorconnect.faiss.source.FaissSourceConnector;
import io.vectorconnect.hdf5.sink.Hdf5SinkConnector;
import io.vectorconnect.hdf5.source.Hdf5SourceConnector;
import io.vectorconnect.milvus.sink.MilvusSinkConnector;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import io.vectorconnect.oceanbase.sink.OceanBaseSinkConnector;
import io.vectorconnect.oceanbase.source.OceanBaseSourceConnector;
import io.vectorconnect.transforms.MongoDbDocument;
import io.vectorconnect.transforms.PackVectors;
import io.vectorconnect.transforms.UnpackVectors;
import io.vectorconnect.weaviate.source.WeaviateSourceConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages in {@code docs/reference} say what the ConfigDefs say. With {@code -Ddocs.update=true}
 * they are written anew.
 */
class ReferencePagesIT {
  private static final Path PAGES =
      Path.of(System.getProperty("project.root")).resolve("docs/reference");

  static Stream<Arguments> connectors() {
    return Stream.of(
        page("milvus-source", new MilvusSourceConnector()),
        page("weaviate-source", new WeaviateSourceConnector()),
        page("milvus-sink", new MilvusSinkConnector()),
        page("datavec-sink", new DataVecSinkConnector()),
        page("oceanbase-sink", new OceanBaseSinkConnector()),
        page("oceanbase-source", new OceanBaseSourceConnector()),
        page("hdf5-source", new Hdf5SourceConnector()),
        page("hdf5-sink", new Hdf5SinkConnector()),
        page("faiss-source", new FaissSourceConnector()),
        Arguments.of("mongodb-transform", MongoDbDocument.class, new MongoDbDocument<>().config()),
        Arguments.of("pack-vectors-transform", PackVectors.class, new PackVectors<>().config()),
        Arguments.of(
            "unpack-vectors-transform", UnpackVectors.class, new UnpackVectors<>().config()));
  }

  private static Arguments page(String name, Connector connector) {
    return Arguments.of(name, connector.getClass(), connector.config());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("connectors")
  void pageIsWhatTheConfigDefSays(String name, Class<?> plugin, ConfigDef def) throws Exception {
    Path page = PAGES.resolve(name + ".md");
    String text = render(plugin, def);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(page, text);
    }
    assertThat(Files.readString(page))
        .as("docs/reference/%s.md; write it anew by -Ddocs.update=true", name)
        .isEqualTo(text);
  }

  private static String render(Class<?> plugin, ConfigDef def) {
    StringBuilder page = new StringBuilder();
    page.append("# Keys of `").append(plugin.getName()).append("`\n\n");
    page.append("Written from the connector's ConfigDef; do not edit.\n");
    Map<String, List<ConfigKey>> groups =
        def.configKeys().values().stream()
            .collect(Collectors.groupingBy(key -> key.group, TreeMap::new, Collectors.toList()));
    for (String group : def.groups()) {
      page.append("\n## ").append(group).append("\n\n");
      page.append("| Key | Type | Default | What it does |\n|---|---|---|---|\n");
      groups.get(group).stream()
          .sorted((a, b) -> Integer.compare(a.orderInGroup, b.orderInGroup))
          .forEach(key -> page.append(row(key)));
    }
    return page.toString();
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s%s | %s | %s |%n"
        .formatted(
            key.name,
            key.type.name().toLowerCase(java.util.Locale.ROOT),
            key.validator == null ? "" : ", " + cell(key.validator.toString()),
            defaultValue(key),
            cell(key.documentation));
  }

  private static String defaultValue(ConfigKey key) {
    if (!key.hasDefault()) {
      return "**required**";
    }
    String text =
        key.defaultValue instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
            : key.type == ConfigDef.Type.PASSWORD ? "" : String.valueOf(key.defaultValue);
    return text.isEmpty() ? "empty" : "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
