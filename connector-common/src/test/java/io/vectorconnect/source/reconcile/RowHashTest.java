package io.vectorconnect.source.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class RowHashTest {
  private static final Schema ROW =
      SchemaBuilder.struct()
          .field("a", Schema.OPTIONAL_STRING_SCHEMA)
          .field("b", Schema.OPTIONAL_STRING_SCHEMA)
          .field("bytes", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("number", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("tags", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).optional().build())
          .build();

  private static Struct row(String a, String b, Object bytes, Double number, List<String> tags) {
    return new Struct(ROW)
        .put("a", a)
        .put("b", b)
        .put("bytes", bytes)
        .put("number", number)
        .put("tags", tags);
  }

  @Test
  void everyDifferenceOfARowIsOneOfItsHash() {
    List<Struct> rows =
        List.of(
            row("x", "y", new byte[] {1, 2}, 0.0, List.of("t")),
            row("xy", "", new byte[] {1, 2}, 0.0, List.of("t")),
            row("xy", null, new byte[] {1, 2}, 0.0, List.of("t")),
            row(null, "xy", new byte[] {1, 2}, 0.0, List.of("t")),
            row("x", "y", new byte[] {2, 1}, 0.0, List.of("t")),
            row("x", "y", new byte[] {}, 0.0, List.of("t")),
            row("x", "y", null, 0.0, List.of("t")),
            row("x", "y", new byte[] {1, 2}, -0.0, List.of("t")),
            row("x", "y", new byte[] {1, 2}, null, List.of("t")),
            row("x", "y", new byte[] {1, 2}, 0.0, List.of()),
            row("x", "y", new byte[] {1, 2}, 0.0, List.of("", "t")),
            row("x", "y", new byte[] {1, 2}, 0.0, Arrays.asList("t", null)),
            row("x", "y", new byte[] {1, 2}, 0.0, null));
    List<RowHash> hashes = new ArrayList<>(rows.stream().map(RowHash::of).toList());
    assertThat(hashes).doesNotHaveDuplicates();
    assertThat(rows.stream().map(RowHash::of).toList()).isEqualTo(hashes);
  }

  @Test
  void theFormOfBytesDoesNotMatter() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
    assertThat(RowHash.of(row("x", "y", buffer, 1.0, null)))
        .isEqualTo(RowHash.of(row("x", "y", new byte[] {1, 2}, 1.0, null)));
    assertThat(buffer.remaining()).as("and it is not read away").isEqualTo(2);
  }

  @Test
  void itStaysTheSameFromVersionToVersion() {
    Schema schema = SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    // printf '\1\1\0\0\0\0\0\0\0\7' | sha256sum
    assertThat(RowHash.of(new Struct(schema).put("id", 7L)))
        .isEqualTo(new RowHash(0x8ff627346f3c4a47L, 0x6a048f4f27751d09L));
  }
}
