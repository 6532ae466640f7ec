package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.LittleEndian;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/**
 * How a VECTOR is asked for. The server prints a float in six digits, which is not enough to tell
 * it from its neighbours, and has no bytes to offer; so it is asked in a way that six digits, or
 * more, tell exactly. Every element is checked to be one: a server that rounds is found out.
 */
enum VectorForm {
  /**
   * The vector, and its low 12 bits by Dekker's split, done by the server in float32: {@code v - (v
   * * 4097 - (v * 4097 - v))}. The rest, the high 12 bits, and the low ones, are each told from
   * their neighbours by six digits. Twice as fast as {@link #DOUBLES}; elements beyond 8e34
   * overflow.
   */
  SPLIT {
    @Override
    List<String> expressions(String column, int dimension) {
      String factor = "'[" + "4097,".repeat(dimension - 1) + "4097]'";
      return List.of(
          column, "%1$s - ((%1$s * %2$s) - ((%1$s * %2$s) - %1$s))".formatted(column, factor));
    }

    @Override
    byte[] read(byte[][] row, int at, int dimension) {
      byte[] bytes = new byte[dimension * Float.BYTES];
      DecimalText coarse = new DecimalText(row[at]);
      DecimalText fine = new DecimalText(row[at + 1]);
      for (int i = 0; i < dimension; i++) {
        double rough = coarse.next();
        double low = twelveBits(fine.next());
        double value = low == 0 ? twelveBits(rough) : twelveBits(rough - low) + low;
        float element = (float) value;
        if (Math.abs(rough - element) > Math.abs(rough) * SIX_DIGITS + Float.MIN_VALUE) {
          throw inexact();
        }
        LittleEndian.putFloat(bytes, i * Float.BYTES, element);
      }
      requireEnd(coarse.atEnd() && fine.atEnd());
      return bytes;
    }
  },

  /** An array of doubles, which the server prints exactly: the vector and one element more. */
  DOUBLES {
    @Override
    List<String> expressions(String column, int dimension) {
      return List.of("array_append(" + column + ", 1)");
    }

    @Override
    byte[] read(byte[][] row, int at, int dimension) {
      byte[] bytes = new byte[dimension * Float.BYTES];
      DecimalText text = new DecimalText(row[at]);
      for (int i = 0; i < dimension; i++) {
        LittleEndian.putFloat(bytes, i * Float.BYTES, exact(text.next()));
      }
      requireEnd(!text.atEnd() && text.next() == 1 && text.atEnd());
      return bytes;
    }
  };

  /** Six significant digits are off by five in the seventh. */
  private static final double SIX_DIGITS = 5.1e-6;

  /** A double that is within this of a float is that float. */
  private static final double DOUBLE_ERROR = 0x1p-50;

  /** 2^41 + 1: splits off the upper 12 of a double's 53 bits. */
  private static final double SPLITTER = 0x1p41 + 1;

  /** The columns to select. */
  abstract List<String> expressions(String column, int dimension);

  /**
   * The packed vector.
   *
   * @throws DataException when what came cannot be exact
   */
  abstract byte[] read(byte[][] row, int at, int dimension);

  /** The nearest number with a significand of 12 bits. */
  private static double twelveBits(double value) {
    double scaled = value * SPLITTER;
    double high = scaled - (scaled - value);
    return high == 0 ? value : high; // keeps the sign of zero
  }

  /** The float that a double is, but for the last bits of its parsing. */
  static float exact(double value) {
    float element = (float) value;
    if (!(Math.abs(value - element) <= Math.abs(value) * DOUBLE_ERROR)) {
      throw inexact();
    }
    return element;
  }

  private static void requireEnd(boolean ended) {
    if (!ended) {
      throw new DataException("the vector's text has not as many elements as its type");
    }
  }

  private static DataException inexact() {
    return new DataException(
        "the server tells an element of a vector rounded; this version of it cannot be read exactly");
  }
}
