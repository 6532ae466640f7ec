package io.vectorconnect.milvus;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which parts of a server's message may be shown. Milvus quotes what it refuses: filters,
 * which are made of keys, and the values of fields. These parts become {@value #HIDDEN}.
 */
final class ServerText {
  private static final String HIDDEN = "…";

  /**
   * Where Milvus quotes a whole filter. It may have any text in it, also quotes and words of a
   * message, so that nothing behind is shown.
   */
  private static final Pattern FILTER = Pattern.compile("(?i)\\b(expr|expression|filter)( = |: ?)");

  /** Values that stand without quotes. */
  private static final Pattern BARE =
      Pattern.compile(
          "(\\w+_val: ?|\\bnumber (?=[-0-9])|\\belement \\(|\\bvalue[:=] ?)[^\\s,)\\]}]+");

  private static final String QUOTES = "\"'`";

  private ServerText() {}

  /** The first line of a message, without values. */
  static String shown(String message) {
    String text = message.lines().findFirst().orElse("").strip();
    Matcher filter = FILTER.matcher(text);
    if (filter.find()) {
      text = text.substring(0, filter.end()) + (filter.end() < text.length() ? HIDDEN : "");
    }
    return BARE.matcher(withoutQuoted(text)).replaceAll("$1" + HIDDEN);
  }

  /** A value may have quotes in it: all from the first quote to the last of its kind goes. */
  private static String withoutQuoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      char quote = text.charAt(i);
      if (QUOTES.indexOf(quote) >= 0 && !isApostrophe(text, i)) {
        int last = text.lastIndexOf(quote);
        String rest = last == i ? "" : text.substring(last + 1);
        return text.substring(0, i) + quote + HIDDEN + quote + withoutQuoted(rest);
      }
    }
    return text;
  }

  /** Such as in "can't". */
  private static boolean isApostrophe(String text, int at) {
    return text.charAt(at) == '\'' && at > 0 && Character.isLetter(text.charAt(at - 1));
  }
}
