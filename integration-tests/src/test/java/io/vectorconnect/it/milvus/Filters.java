package io.vectorconnect.it.milvus;

import java.util.HexFormat;

/** Filters as the newer servers' lexer reads them. */
final class Filters {
  /** Digits of {@code \UXXXXXXXX}. */
  private static final int DIGITS = 8;

  private Filters() {}

  /**
   * A filter that 2.3.5 understands as newer servers understand the given one: they cut a code
   * point above U+FFFF to 16 bits, unless it is written as {@code \UXXXXXXXX}.
   */
  static String asLexed(String filter) {
    StringBuilder lexed = new StringBuilder(filter.length());
    int i = 0;
    while (i < filter.length()) {
      int codePoint = filter.codePointAt(i);
      if (codePoint == '\\' && i + 1 < filter.length()) {
        i = escape(filter, i, lexed);
      } else {
        lexed.appendCodePoint(cut(codePoint));
        i += Character.charCount(codePoint);
      }
    }
    return lexed.toString();
  }

  /** Reads the escape sequence at a backslash; returns where the text goes on. */
  private static int escape(String filter, int backslash, StringBuilder lexed) {
    int end = backslash + 2 + DIGITS;
    if (filter.charAt(backslash + 1) == 'U' && end <= filter.length()) {
      lexed.append(translated(HexFormat.fromHexDigits(filter.substring(backslash + 2, end))));
      return end;
    }
    int escaped = filter.codePointAt(backslash + 1);
    lexed.append('\\').appendCodePoint(cut(escaped));
    return backslash + 1 + Character.charCount(escaped);
  }

  /** 2.3.5 has no escape sequence of eight digits. */
  private static String translated(int codePoint) {
    return Character.isBmpCodePoint(codePoint)
        ? "\\u%04x".formatted(codePoint)
        : Character.toString(codePoint);
  }

  private static int cut(int codePoint) {
    if (Character.isBmpCodePoint(codePoint)) {
      return codePoint;
    }
    char rest = (char) codePoint;
    return Character.isSurrogate(rest) ? 0xFFFD : rest;
  }
}
