package io.vectorconnect.weaviate.source.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.config.RecordKeys;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.PropertyType;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordMapperTest {
  private static final String NAMED =
      "\"vectorizer\":\"none\",\"vectorConfig\":{\"%s\":{},\"b\":{}},";
  private static final String UNNAMED = "\"vectorizer\":\"none\",\"vectorIndexType\":\"hnsw\",";

  private record Stub(String id, Map<String, byte[]> vectorsByName) implements ObjectView {
    @Override
    public long created() {
      return 0;
    }

    @Override
    public long updated() {
      return 0;
    }

    @Override
    public Object property(Property property) {
      return null;
    }

    @Override
    public byte[] vector(VectorSpace space) {
      return vectorsByName.get(space.name());
    }

    @Override
    public byte[] vectors(VectorSpace space) {
      return null;
    }
  }

  private static Stub object(int dimension) {
    return new Stub("1", Map.of("", new byte[dimension * Float.BYTES]));
  }

  private static Collection collection(String json, String... properties) throws IOException {
    List<String> typed =
        List.of(properties).stream()
            .map(name -> "{\"name\":\"" + name + "\",\"dataType\":[\"text\"]}")
            .toList();
    return Collection.of(
        new ObjectMapper().readTree("{\"class\":\"C\"," + json + "\"properties\":" + typed + "}"));
  }

  private static RecordKeys keys(String... more) {
    Map<String, String> config = new HashMap<>(Map.of("connection.uri", "http://127.0.0.1:8080"));
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return new WeaviateSourceConfig(config).records();
  }

  private static RecordMapper mapper(
      Collection collection, RecordKeys keys, Map<String, Integer> dimensions) {
    return new RecordMapper(collection, new Scope("C", ""), keys, dimensions);
  }

  @ParameterizedTest
  @CsvSource({
    "'', vector",
    "'', vector:vector_vector",
    "'', vector:vector_vector:vector_embedding:vector_vector",
    "title, title",
    "title, title:b:title_vector:b_embedding",
    "id, ''",
  })
  void theFormatThatIsAdvisedWorks(String vector, String properties) throws IOException {
    Collection collection =
        collection(
            vector.isEmpty() ? UNNAMED : NAMED.formatted(vector),
            java.util.Arrays.stream(properties.split(":"))
                .distinct()
                .filter(p -> !p.isEmpty())
                .toArray(String[]::new));
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> mapper(collection, keys(), new HashMap<>()));
    Matcher advice =
        Pattern.compile("set vector\\.field\\.format=(\\S+)$").matcher(refused.getMessage());
    assertThat(advice.find()).as(refused.getMessage()).isTrue();
    Schema schema =
        mapper(collection, keys("vector.field.format", advice.group(1)), new HashMap<>())
            .valueSchema();
    assertThat(schema.fields()).extracting(Field::name).doesNotHaveDuplicates();
    assertThat(schema.fields())
        .hasSize(1 + collection.properties().size() + collection.vectors().size());
  }

  @Test
  void whereNoFormatHelpsTheAdviceIsAnother() throws IOException {
    Collection collection = collection(UNNAMED + "\"vectorConfig\":{\"vector\":{}},");
    assertThatThrownBy(() -> mapper(collection, keys(), new HashMap<>()))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("leave the collection out");
  }

  @Test
  void theDimensionThatOneRangeLearnsIsInTheSchemasOfAll() throws IOException {
    Collection collection = collection(UNNAMED);
    Map<String, Integer> dimensions = new HashMap<>();
    RecordMapper one = mapper(collection, keys(), dimensions);
    RecordMapper other = mapper(collection, keys(), dimensions);
    assertThat(VectorSchema.dimension(vector(other, new Stub("1", Map.of())))).isEmpty();
    assertThat(VectorSchema.dimension(vector(one, object(3)))).hasValue(3);
    assertThat(VectorSchema.dimension(vector(other, new Stub("1", Map.of())))).hasValue(3);
    assertThatThrownBy(() -> other.value(object(2)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected dimension 3")
        .hasMessageContaining("got 2");
  }

  private static Schema vector(RecordMapper mapper, ObjectView object) {
    Struct value = mapper.value(object);
    return value.schema().field("vector").schema();
  }

  @Test
  void configuredDimensionsAreThoseOfAFieldOrOfACollectionsField() throws IOException {
    RecordKeys keys =
        keys("vector.dimensions", "vector:3,C.title:5,title:4,D.b:6,a:1", "topic.prefix", "t.");
    assertThat(keys.dimensions(collection(UNNAMED))).isEqualTo(Map.of("", 3));
    assertThat(keys.dimensions(collection(NAMED.formatted("title")))).isEqualTo(Map.of("title", 5));
    assertThat(
            keys.unusedDimensions(
                List.of(collection(UNNAMED), collection(NAMED.formatted("title")))))
        .containsExactly("D.b", "a");
  }

  @Test
  void anArrayOfNumbersTellsSinksThatItIsNoVector() {
    assertThat(PropertyType.NUMBER.schema(true).parameters()).containsEntry("max_capacity", "4096");
    assertThat(PropertyType.NUMBER.schema(false).parameters()).isNull();
  }
}
