package io.vectorconnect.milvus;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * Milvus's filter language: the only place where a name or a value becomes part of a filter.
 *
 * <p>Source: Milvus's grammar, {@code internal/parser/planparserv2/Plan.g4}. Its names are ASCII
 * and cannot be quoted. Its literals are unquoted by Go's {@code strconv.Unquote}.
 */
public final class Filter {
  /**
   * Words that the grammar of some version reads as a keyword or a constant. Milvus 2.3 takes a
   * comparison of the constant {@code true} with a number for a reason to end the whole server, so
   * none of these is ever sent.
   */
  private static final Set<String> RESERVED =
      Stream.concat(
              Stream.of(
                      "and",
                      "or",
                      "not",
                      "in",
                      "like",
                      "exists",
                      "json_contains",
                      "json_contains_all",
                      "json_contains_any",
                      "array_contains",
                      "array_contains_all",
                      "array_contains_any",
                      "array_length",
                      "text_match",
                      "phrase_match",
                      "random_sample")
                  .flatMap(word -> Stream.of(word, word.toUpperCase(Locale.ROOT))),
              Stream.of("true", "True", "TRUE", "false", "False", "FALSE", "$meta"))
          .collect(Collectors.toUnmodifiableSet());

  private Filter() {}

  /** Whether filters can name a field. */
  public static boolean canName(String field) {
    return !RESERVED.contains(field);
  }

  /**
   * A field's name as a filter contains it.
   *
   * @throws ConnectException when the language has another meaning for the name
   */
  public static String name(String field) {
    if (!canName(field)) {
      throw new ConnectException(cannotName(field));
    }
    return field;
  }

  /** What a user reads about a field that no filter can name. */
  public static String cannotName(String field) {
    return "field %s has the name of a keyword in Milvus's filter language, so that no filter can name it; use a field of another name"
        .formatted(field);
  }

  /** A number, also the smallest one, for which the grammar has no literal. */
  public static String literal(long value) {
    return value == Long.MIN_VALUE ? (Long.MIN_VALUE + 1) + " - 1" : Long.toString(value);
  }

  /**
   * A text.
   *
   * <p>A character above U+FFFF is escaped as {@code \U} with eight digits: Milvus 2.4.23 and later
   * cut raw ones to 16 bits, and the filter then matches another text. 2.3.5 takes both forms.
   *
   * @throws DataException when the text contains half a surrogate pair. UTF-8 has no form for it;
   *     Java would send a question mark, and the filter would match another text
   */
  public static String literal(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> append(quoted, c, i);
      }
      i += Character.charCount(c) - 1;
    }
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int c, int position) {
    if (c > 0xFFFF) {
      quoted.append("\\U%08x".formatted(c));
    } else if (c < 0x20 || c == 0x7F) {
      quoted.append("\\u%04x".formatted(c));
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw new DataException(
          "the text has half a surrogate pair at position %d, which is no character"
              .formatted(position));
    } else {
      quoted.append((char) c);
    }
  }

  /** Rows that match all of these filters. */
  public static String and(String... filters) {
    return Stream.of(filters).collect(Collectors.joining(") and (", "(", ")"));
  }

  /** Rows whose field has one of these values, as literals. */
  static String in(String field, List<String> literals) {
    return "%s in [%s]".formatted(name(field), String.join(",", literals));
  }
}
