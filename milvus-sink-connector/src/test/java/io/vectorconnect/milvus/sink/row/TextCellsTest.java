package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.milvus.TextType;
import java.util.Date;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types of Milvus that records carry as text. */
class TextCellsTest {
  private static CellEncoder encoder(TextType type) {
    return TextCells.of(type, EnumSet.allOf(TextType.class));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T12:00:00.123456Z, 2026-11-30T12:00:00.123456Z",
    "2026-11-30T12:00:00+08:00, 2026-11-30T04:00:00Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "2026-11-30T12:00:00.123456000Z, 2026-11-30T12:00:00.123456Z",
  })
  void timesAreSentInUtc(String text, String sent) {
    assertThat(encoder(TextType.TIMESTAMPTZ).encode(text)).isEqualTo(sent);
  }

  @Test
  void datesAreTimes() {
    assertThat(encoder(TextType.TIMESTAMPTZ).encode(new Date(-1)))
        .isEqualTo("1969-12-31T23:59:59.999Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-30T12:00:00", "noon", "", "2026-11-30T12:00:00.1234567Z", "2026-11-30"})
  void timesThatTheServerWouldChangeOrGuessAreRefused(String text) {
    assertThatThrownBy(() -> encoder(TextType.TIMESTAMPTZ).encode(text))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("expected a")
        .satisfies(e -> assertThat(text.isEmpty() || !e.getMessage().contains(text)).isTrue());
  }

  @Test
  void otherValuesThanTextAreRefused() {
    for (TextType type : Set.of(TextType.GEOMETRY, TextType.TEXT, TextType.TIMESTAMPTZ)) {
      assertThatThrownBy(() -> encoder(type).encode(7))
          .isInstanceOf(DataException.class)
          .hasMessage("expected a text, got a Integer");
    }
    assertThatThrownBy(() -> encoder(TextType.TEXT).encode("half \uD83D"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("half a surrogate pair");
  }

  @Test
  void typesThatAreNotListedAreRefused() {
    assertThatThrownBy(() -> TextCells.of(TextType.GEOMETRY, Set.of(TextType.TEXT)))
        .isInstanceOf(DataException.class)
        .hasMessage("list geometry in types.as.text to write it from text");
    assertThatThrownBy(() -> encoder(TextType.STRUCT_ARRAY))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not write struct arrays");
  }
}
