package io.vectorconnect.oceanbase.sink;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A statement with its values in it. Bytes are hexadecimal digits: the server has less work with
 * them than with escaped text, though they are twice as long. So is every text with a character
 * that could need an escape or that is not ASCII: nothing is escaped, and no mode of the server can
 * read it otherwise.
 *
 * <p>Not thread-safe; its buffer is used again.
 */
final class StatementText {
  /** A buffer that grew for a huge row is not kept. */
  private static final int MAX_KEPT = 16 << 20;

  private static final VarHandle PAIR =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  /** The two digits of each byte. */
  private static final short[] HEX = new short[1 << Byte.SIZE];

  static {
    for (int i = 0; i < HEX.length; i++) {
      HEX[i] =
          (short) (Character.forDigit(i >> 4, 16) << Byte.SIZE | Character.forDigit(i & 15, 16));
    }
  }

  private byte[] text = new byte[1 << 16];
  private int length;

  /** What the literals of so many values take beside twice their bytes, at the most. */
  static long around(int values) {
    return 16L * values; // _utf8mb4 x'' and a comma
  }

  /** Begins anew, with SQL. */
  StatementText begin(String sql) {
    if (text.length > MAX_KEPT) {
      text = new byte[MAX_KEPT];
    }
    length = 0;
    return sql(sql);
  }

  /** Adds SQL: names, keywords, punctuation. */
  StatementText sql(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    room(bytes.length);
    System.arraycopy(bytes, 0, text, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /**
   * Adds a literal.
   *
   * @param value a Long, String, BigDecimal, byte[] or null
   */
  void value(Object value) {
    if (value instanceof byte[] bytes) {
      sql("x'").hex(bytes);
    } else if (value instanceof String string) {
      if (isPlain(string)) {
        plain(string);
      } else {
        sql("_utf8mb4 x'").hex(VectorValues.utf8(string));
      }
    } else if (value instanceof BigDecimal number) {
      sql(number.toPlainString());
    } else {
      sql(value == null ? "NULL" : ((Long) value).toString());
    }
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '\'' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void plain(String value) {
    sql("'").sql(value).sql("'");
  }

  private void hex(byte[] bytes) {
    room(2L * bytes.length + 1);
    byte[] to = text;
    int at = length;
    for (byte b : bytes) {
      PAIR.set(to, at, HEX[b & 0xFF]);
      at += 2;
    }
    to[at] = '\'';
    length = at + 1;
  }

  private void room(long more) {
    if (more > text.length - length) {
      text =
          Arrays.copyOf(
              text,
              (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * text.length, length + more)));
    }
  }

  /** The statement. */
  @Override
  public String toString() {
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
