package io.vectorconnect.source.reconcile;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * The first 128 bits of SHA-256 over a row's values, by which two states of one row are told apart.
 * The same values of the same fields in the same order have the same hash in every process.
 *
 * @param high the first eight bytes, big-endian
 * @param low the next eight
 */
public record RowHash(long high, long low) {
  private static final byte NULL = 0;
  private static final byte VALUE = 1;

  /** Hashes a row's value. */
  public static RowHash of(Struct row) {
    return ofAll(row);
  }

  /** Hashes values of any of Connect's types, such as a record's key and value. */
  public static RowHash ofAll(Object... values) {
    MessageDigest digest = sha256();
    for (Object value : values) {
      add(digest, value);
    }
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new RowHash(hash.getLong(), hash.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A text, list or array comes behind its length, so that no two rows run together. */
  private static void add(MessageDigest digest, Object value) {
    digest.update(value == null ? NULL : VALUE);
    if (value instanceof Number number) {
      addNumber(digest, number);
    } else if (value instanceof Boolean truth) {
      digest.update((byte) (truth ? 1 : 0));
    } else if (value instanceof String text) {
      addBytes(digest, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } else if (value instanceof byte[] bytes) {
      addBytes(digest, ByteBuffer.wrap(bytes));
    } else if (value instanceof ByteBuffer bytes) {
      addBytes(digest, bytes.duplicate());
    } else if (value instanceof List<?> list) {
      addLong(digest, list.size());
      list.forEach(element -> add(digest, element));
    } else if (value instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        add(digest, struct.get(field));
      }
    } else if (value instanceof Date time) {
      addLong(digest, time.getTime());
    } else if (value instanceof Map<?, ?> map) {
      addLong(digest, map.size());
      map.entrySet().stream()
          .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
          .forEach(
              entry -> {
                add(digest, entry.getKey());
                add(digest, entry.getValue());
              });
    } else if (value != null) {
      throw new IllegalArgumentException("no hash for a " + value.getClass().getName());
    }
  }

  private static void addNumber(MessageDigest digest, Number number) {
    if (number instanceof Float f) {
      addLong(digest, Float.floatToRawIntBits(f));
    } else if (number instanceof Double d) {
      addLong(digest, Double.doubleToRawLongBits(d));
    } else if (number instanceof BigDecimal decimal) {
      addBytes(digest, ByteBuffer.wrap(decimal.unscaledValue().toByteArray()));
      addLong(digest, decimal.scale());
    } else {
      addLong(digest, number.longValue());
    }
  }

  private static void addBytes(MessageDigest digest, ByteBuffer bytes) {
    addLong(digest, bytes.remaining());
    digest.update(bytes);
  }

  private static void addLong(MessageDigest digest, long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
  }
}
