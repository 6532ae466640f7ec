package io.vectorconnect.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;

class UnavailableValueTest {

  /** As io.debezium.connector.postgresql.UnchangedToastedPlaceholder makes them. */
  @Test
  void knowsDebeziumsPlaceholdersOfAllTypes() {
    byte[] bytes = UnavailableValue.TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<Integer> ints = new java.util.ArrayList<>();
    List<Long> longs = new java.util.ArrayList<>();
    for (byte b : bytes) {
      ints.add((int) b);
      longs.add((long) b);
    }
    String uuid = java.util.UUID.nameUUIDFromBytes(bytes).toString();
    for (Object placeholder :
        List.of(
            UnavailableValue.TEXT,
            bytes,
            ByteBuffer.wrap(bytes),
            List.of(UnavailableValue.TEXT),
            List.of(ByteBuffer.wrap(bytes)),
            List.of(uuid),
            ints,
            longs,
            Map.of(UnavailableValue.TEXT, UnavailableValue.TEXT),
            java.util.Base64.getEncoder().encodeToString(bytes),
            "{\"%s\":\"%s\"}".formatted(UnavailableValue.TEXT, UnavailableValue.TEXT))) {
      assertThat(UnavailableValue.is(null, placeholder)).as("%s", placeholder).isTrue();
    }
  }

  @Test
  void nullIsAValueAndSoIsAlmostThePlaceholder() {
    Map<String, String> two = new HashMap<>(Map.of(UnavailableValue.TEXT, UnavailableValue.TEXT));
    two.put("more", "more");
    byte[] other = UnavailableValue.bytes();
    other[27]++;
    for (Object value :
        Arrays.asList(
            null,
            "",
            "x".repeat(28),
            "x".repeat(36),
            "x".repeat(40),
            other,
            List.of(),
            7L,
            two,
            List.of(UnavailableValue.TEXT, UnavailableValue.TEXT))) {
      assertThat(UnavailableValue.is(null, value)).as("%s", value).isFalse();
    }
  }

  @Test
  void aVectorOfThatLengthIsAVector() {
    byte[] bytes = UnavailableValue.bytes();
    Schema seven = VectorSchema.builder(VectorType.FLOAT, 7).build();
    Schema eight = VectorSchema.builder(VectorType.FLOAT, 8).build();
    Schema sparse = VectorSchema.builder(VectorType.SPARSE, 28).build();
    Schema any = VectorSchema.builder(VectorType.FLOAT).build();
    assertThat(UnavailableValue.is(seven, bytes)).isFalse();
    assertThat(UnavailableValue.is(eight, bytes)).isTrue();
    assertThat(UnavailableValue.is(sparse, bytes)).isTrue();
    assertThat(UnavailableValue.is(any, bytes)).isTrue();
    assertThat(UnavailableValue.is(Schema.BYTES_SCHEMA, bytes)).isTrue();
  }
}
