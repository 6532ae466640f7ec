package io.vectorconnect.weaviate.source.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.config.RecordKeys;
import io.vectorconnect.weaviate.source.config.WeaviateSourceConfig;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class SpecialFloatsTest {
  private record OneNumber(double number) implements ObjectView {
    @Override
    public String id() {
      return "00000000-0000-0000-0000-000000000001";
    }

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
      return number;
    }

    @Override
    public byte[] vector(VectorSpace space) {
      return new byte[] {0, 0, -64, 127}; // NaN, packed
    }

    @Override
    public byte[] vectors(VectorSpace space) {
      return new byte[0];
    }
  }

  private static Object read(double number, Map<String, String> more) throws IOException {
    Collection collection =
        Collection.of(
            new ObjectMapper()
                .readTree(
                    "{\"class\":\"C\",\"vectorizer\":\"none\",\"vectorIndexType\":\"hnsw\","
                        + "\"properties\":[{\"name\":\"n\",\"dataType\":[\"number\"]}]}"));
    Map<String, String> config = new HashMap<>(more);
    config.put("connection.uri", "http://127.0.0.1:8080");
    config.put("collection.include.list", "C");
    RecordKeys keys = new WeaviateSourceConfig(config).records();
    return new RecordMapper(collection, new Scope("C", ""), keys, new HashMap<>())
        .value(new OneNumber(number))
        .get("n");
  }

  @Test
  void numbersThatJsonConverterChangesAreRefusedUnlessTheyMayPass() throws IOException {
    for (double special : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, -0.0}) {
      assertThatThrownBy(() -> read(special, Map.of()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("collection C, object 00000000")
          .hasMessageContaining("field n: ");
      assertThat(read(special, Map.of("special.floats", "pass"))).isEqualTo(special);
    }
    assertThat(read(0, Map.of())).isEqualTo(0.0);
  }
}
