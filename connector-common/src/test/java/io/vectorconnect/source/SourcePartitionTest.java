package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.source.range.OffsetTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourcePartitionTest {
  private final OffsetTopic topic = new OffsetTopic();

  /** The partitions of all sources, and the order in which Connect's REST API writes them. */
  static Stream<List<String>> partitions() {
    return Stream.of(
        List.of("database", "range", "collection"), // Milvus
        List.of("database", "range", "table"), // OceanBase
        List.of("range", "collection"), // Weaviate
        List.of("range", "collection", "tenant"), // Weaviate, with tenants
        List.of("file")); // HDF5, Faiss
  }

  @ParameterizedTest
  @MethodSource("partitions")
  void fieldsAreInTheOrderThatRestWritesWhateverOrderTheyComeIn(List<String> names) {
    SourcePartition partition = partition(names);
    assertThat(partition.toMap().keySet()).containsExactlyElementsOf(names);
    List<Map<String, String>> all = new ArrayList<>(partition.otherOrders());
    all.add(partition.toMap());
    for (Map<String, String> order : all) {
      List<String> fields = new ArrayList<>();
      order.forEach((name, value) -> fields.add("\"%s\":\"%s\"".formatted(name, value)));
      Map<?, ?> parsed = topic.parse("{" + String.join(",", fields) + "}");
      Map<String, String> rest = new LinkedHashMap<>();
      parsed.forEach((name, value) -> rest.put((String) name, (String) value));
      assertThat(topic.key(rest)).isEqualTo(topic.key(partition.toMap()));
      assertThat(partition(List.copyOf(order.keySet())).toMap().keySet())
          .containsExactlyElementsOf(names);
    }
  }

  @ParameterizedTest
  @MethodSource("partitions")
  void allOrdersAreKnown(List<String> names) {
    SourcePartition partition = partition(names);
    assertThat(Stream.concat(partition.otherOrders().stream(), Stream.of(partition.toMap())))
        .extracting(topic::key)
        .doesNotHaveDuplicates()
        .hasSize(names.size() == 3 ? 6 : names.size());
  }

  private static SourcePartition partition(List<String> names) {
    SourcePartition partition = SourcePartition.of(names.get(0), "a " + names.get(0));
    for (String name : names.subList(1, names.size())) {
      partition = partition.with(name, "a " + name);
    }
    return partition;
  }
}
