package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> awkward = Arbitraries.of('"', '\'', '\\', 'u', 'U', 'x', '0', '\n', '\0');
    Arbitrary<String> anything =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .map(Character::toString);
    return Arbitraries.frequencyOf(Tuple.of(1, awkward.map(String::valueOf)), Tuple.of(1, anything))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  /** The server reads the literal as the grammar does, and then by Go's strconv.Unquote. */
  @Property
  void theServerReadsTheVeryText(@ForAll("texts") String text) {
    String literal = Filter.literal(text);
    assertThat(literal.codePoints()).allMatch(c -> c <= 0xFFFF && c != '\n' && c != '\r');
    assertThat(unquoted(literal)).isEqualTo(text);
  }

  @Property
  void aTextCannotLeaveItsPlace(@ForAll("texts") String text, @ForAll("texts") String other) {
    String filter = KeyType.VARCHAR.anyOf("k", List.of(text, other).iterator());
    int comma = endOfLiteral(filter, "k in [".length());
    assertThat(unquoted(filter.substring("k in [".length(), comma))).isEqualTo(text);
    assertThat(unquoted(filter.substring(comma + 1, filter.length() - 1))).isEqualTo(other);
  }

  private static int endOfLiteral(String filter, int start) {
    int at = start + 1;
    while (filter.charAt(at) != '"') {
      at += filter.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static String unquoted(String literal) {
    assertThat(literal).startsWith("\"").endsWith("\"");
    StringBuilder text = new StringBuilder();
    Iterator<Integer> rest = literal.substring(1, literal.length() - 1).codePoints().iterator();
    while (rest.hasNext()) {
      int c = rest.next();
      assertThat(c).isNotEqualTo((int) '"');
      text.appendCodePoint(c == '\\' ? escaped(rest) : c);
    }
    return text.toString();
  }

  private static int escaped(Iterator<Integer> rest) {
    int c = rest.next();
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal(rest, 4);
      case 'U' -> hexadecimal(rest, 8);
      default -> {
        assertThat(c).isIn((int) '"', (int) '\\');
        yield c;
      }
    };
  }

  private static int hexadecimal(Iterator<Integer> rest, int digits) {
    int c = 0;
    for (int i = 0; i < digits; i++) {
      c = c << 4 | Character.digit(rest.next(), 16);
    }
    return c;
  }

  @Test
  void charactersBeyond16BitsAreEscaped() {
    assertThat(Filter.literal("𠮷野家")).isEqualTo("\"\\U00020bb7野家\"");
    assertThat(Filter.literal("\n\r\t\u0001\u007F\\")).isEqualTo("\"\\n\\r\\t\\u0001\\u007f\\\\\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD842", "\uDFB7", "a\uD842b", "\uDFB7\uD842"})
  void halfASurrogatePairIsRefused(String text) {
    assertThatThrownBy(() -> Filter.literal(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("half a surrogate pair");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in",
        "IN",
        "like",
        "true",
        "True",
        "FALSE",
        "not",
        "exists",
        "json_contains",
        "ARRAY_LENGTH"
      })
  void keywordsAreNoNames(String word) {
    assertThatThrownBy(() -> KeyType.INT64.any(word))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("field " + word);
    assertThatThrownBy(() -> KeyType.INT64.above(word, "1")).hasMessageContaining(word);
    assertThatThrownBy(() -> KeyType.VARCHAR.upTo(word, "1")).hasMessageContaining(word);
    assertThatThrownBy(() -> KeyType.VARCHAR.anyOf(word, List.of("1").iterator()))
        .hasMessageContaining(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "In", "in_", "inside", "_true", "u8", "Like", "exists1"})
  void otherNamesAre(String name) {
    assertThat(Filter.name(name)).isEqualTo(name);
  }

  @Test
  void filtersAreJoinedAsWholes() {
    assertThat(Filter.and("a < 0 or a >= 0", "b <= 1")).isEqualTo("(a < 0 or a >= 0) and (b <= 1)");
  }
}
