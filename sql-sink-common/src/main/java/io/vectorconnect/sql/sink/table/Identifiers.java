package io.vectorconnect.sql.sink.table;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;

/** Names on their way into SQL; every one of them passes here. */
public final class Identifiers {
  private static final int HASH_LENGTH = 9;

  private final String quote;
  private final int max;
  private final boolean inBytes;

  private Identifiers(String quote, int max, boolean inBytes) {
    this.quote = quote;
    this.max = max;
    this.inBytes = inBytes;
  }

  /** Names between double quotes, of so many bytes at the most. */
  public static Identifiers inDoubleQuotes(int maxBytes) {
    return new Identifiers("\"", maxBytes, true);
  }

  /** Names between backticks, of so many characters at the most. */
  public static Identifiers inBackticks(int maxCharacters) {
    return new Identifiers("`", maxCharacters, false);
  }

  /**
   * A name as it stands in SQL.
   *
   * @throws DataException when the database would refuse it, or cut it so that it could meet
   *     another one
   */
  public String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new DataException("a table or column name is empty or contains a NUL character");
    }
    if (length(name) > max) {
      throw new DataException(
          "the name %s is longer than the %d %s that the database keeps; rename it, or change table.name.format"
              .formatted(name, max, inBytes ? "bytes" : "characters"));
    }
    return quote + name.replace(quote, quote + quote) + quote;
  }

  /** A table's name as it stands in SQL. */
  public String quote(TableId table) {
    return table.schema().isEmpty()
        ? quote(table.name())
        : quote(table.schema()) + "." + quote(table.name());
  }

  /** Names, separated by commas. */
  public String list(Collection<String> names) {
    return names.stream().map(this::quote).collect(Collectors.joining(", "));
  }

  /** A name that the database keeps whole: the wanted one, or its beginning and a hash. */
  public String shortened(String wanted) {
    return length(wanted) <= max ? wanted : withHash(wanted, wanted.hashCode());
  }

  private String withHash(String wanted, int hash) {
    int end = wanted.length();
    while (length(wanted.substring(0, end)) > max - HASH_LENGTH) {
      end = wanted.offsetByCodePoints(end, -1);
    }
    return "%s_%08x".formatted(wanted.substring(0, end), hash);
  }

  /**
   * The name of an index, which no other column's index has: an underscore in the name of a table
   * or column could as well separate them.
   *
   * @param kind of the index
   */
  public String index(TableId table, String column, String kind) {
    String plain = table.name() + "_" + column + "_" + kind;
    if (table.name().indexOf('_') < 0 && column.indexOf('_') < 0) {
      return shortened(plain);
    }
    return withHash(plain, List.of(table.name(), column).hashCode());
  }

  private int length(String name) {
    return inBytes ? name.getBytes(StandardCharsets.UTF_8).length : name.length();
  }
}
