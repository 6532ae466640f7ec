package io.vectorconnect.datavec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** openGauss in mode A counts bytes, and would cut spaces at the end without a word. */
class TextLengthTest {
  private static int encoded(boolean countsBytes, String text) {
    Column.Type type =
        new Column.Type("varchar", 3 + 4, "character varying(3)", countsBytes, Optional.empty());
    Column column =
        new Column(
            "c", type, type.declaration(), false, Column.FilledBy.STATEMENT, Optional.empty());
    CopyBuffer out = new CopyBuffer();
    ScalarEncoders.of(Schema.STRING_SCHEMA, column).encode(text, out);
    return out.size();
  }

  @Test
  void aTextIsAsLongAsTheDatabaseCountsIt() {
    assertThat(encoded(false, "日  ")).isEqualTo(5);
    assertThat(encoded(true, "日")).isEqualTo(3);
    assertThatThrownBy(() -> encoded(true, "日  "))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("5 bytes, more than character varying(3) holds")
        .hasMessageContaining("counts bytes");
    assertThatThrownBy(() -> encoded(false, "abcd"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 characters");
  }
}
