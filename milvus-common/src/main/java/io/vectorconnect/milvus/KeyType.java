package io.vectorconnect.milvus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.StringJoiner;

/** The two types of primary keys: their order in Milvus, and how they stand in a filter. */
public enum KeyType {
  INT64 {
    @Override
    public int compare(String a, String b) {
      return Long.compare(Long.parseLong(a), Long.parseLong(b));
    }

    @Override
    public Optional<String> above(String field, String key) {
      long value = Long.parseLong(key);
      // By >=, for Milvus's parser has no literal for the smallest number.
      return value == Long.MAX_VALUE ? Optional.empty() : Optional.of(field + " >= " + (value + 1));
    }

    @Override
    public String upTo(String field, String key) {
      long value = Long.parseLong(key);
      return value == Long.MIN_VALUE ? field + " < " + (value + 1) : field + " <= " + value;
    }

    @Override
    public String any(String field) {
      return field + " < 0 or " + field + " >= 0";
    }
  },

  VARCHAR {
    @Override
    public int compare(String a, String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> above(String field, String key) {
      return Optional.of(field + " > " + literal(key));
    }

    @Override
    public String upTo(String field, String key) {
      return field + " <= " + literal(key);
    }

    @Override
    public String any(String field) {
      return field + " >= \"\"";
    }
  };

  /** The order in which Milvus sorts keys: strings by their UTF-8 bytes. */
  public abstract int compare(String a, String b);

  /** The filter for keys above {@code key}, or empty when there can be none. */
  public abstract Optional<String> above(String field, String key);

  /** The filter for keys up to and including {@code key}. */
  public abstract String upTo(String field, String key);

  /** A filter that every key passes; an empty one is refused by some servers. */
  public abstract String any(String field);

  /**
   * The filter for the rows of these keys: the one form of filter by which every server deletes.
   *
   * @param keys Longs or Strings
   */
  public String anyOf(String field, Iterator<?> keys) {
    StringJoiner list = new StringJoiner(",", field + " in [", "]");
    keys.forEachRemaining(key -> list.add(literal(key)));
    return list.toString();
  }

  private static String literal(Object key) {
    if (key instanceof String text) {
      return literal(text);
    }
    // The parser has no literal for the smallest number, but it adds up constants.
    return key.equals(Long.MIN_VALUE) ? (Long.MIN_VALUE + 1) + " - 1" : key.toString();
  }

  /** A string in Milvus's filter language. */
  public static String literal(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7F) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
