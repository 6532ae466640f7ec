package io.vectorconnect.files;

import io.vectorconnect.config.EnumValidator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.kafka.common.config.ConfigDef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What to do with a file in which a primary key occurs more than once. */
enum DuplicateIds {
  /** Log how many there are, and publish all rows. */
  WARN,
  /** Refuse the file before its first row. */
  FAIL,
  /** Do not look. */
  IGNORE;

  static final String KEY = "duplicate.ids";

  static final EnumValidator<DuplicateIds> VALUES = EnumValidator.of(DuplicateIds.class);

  private static final Logger log = LoggerFactory.getLogger(DuplicateIds.class);
  private static final int IDS_PER_READ = 10_000;

  /** Adds the key. */
  static ConfigDef define(ConfigDef def, String group, int order) {
    return def.define(
        KEY,
        ConfigDef.Type.STRING,
        "warn",
        VALUES,
        ConfigDef.Importance.MEDIUM,
        "What to do with a file in which a primary key occurs more than once: a sink that upserts"
            + " keeps only the last of these rows. warn: log how many rows that are. fail: stop"
            + " before the first row is published. ignore: do not look. The keys of a file are read"
            + " once more for this, in as many passes as 64 MiB of memory require.",
        group,
        order,
        ConfigDef.Width.SHORT,
        "Duplicate keys",
        VALUES);
  }

  /**
   * Looks through the primary keys of a file that was just opened.
   *
   * @throws FileProblem when there are duplicates that must not be
   */
  void check(Path path, RowFile file) {
    if (this == IGNORE || file.ids().isEmpty()) {
      return;
    }
    Found found = find(file.ids().get(), file.rows(), IdSet.MOST);
    if (found.rows() == 0) {
      return;
    }
    String message =
        "File %s has %d rows whose primary key an earlier row has; the first is row %d"
            .formatted(path, found.rows(), found.first());
    if (this == FAIL) {
      throw new FileProblem(
          KEY, message + "; correct the file, or set " + KEY + "=warn to publish all rows");
    }
    log.warn("{}. A sink that upserts keeps only the last row of each key.", message);
  }

  /**
   * Duplicates in a file.
   *
   * @param rows how many rows have a key that an earlier row has
   * @param first the first of them; -1 where there are none
   */
  record Found(long rows, long first) {}

  /**
   * Counts duplicates. Each pass holds the keys of one share, by their hashes.
   *
   * @param most keys that memory has room for
   */
  static Found find(RowFile.Ids ids, long rows, int most) {
    long passes = Math.max(1, (rows + most - 1) / most);
    long duplicates = 0;
    long first = -1;
    for (long pass = 0; pass < passes; pass++) {
      // A share may be larger than the average, so it gets twice the room.
      IdSet table = new IdSet((int) Math.min(rows, most) * 2L);
      for (long row = 0; row < rows; ) {
        int count = (int) Math.min(IDS_PER_READ, rows - row);
        for (Object id : ids.read(row, count)) {
          ByteBuffer bits = bits(id);
          long low = bits.getLong(0);
          boolean mine = Long.remainderUnsigned(IdSet.mix(low), passes) == pass;
          if (mine && !table.add(low, bits.getLong(Long.BYTES))) {
            duplicates++;
            first = first < 0 ? row : Math.min(first, row);
          }
          row++;
        }
      }
    }
    return new Found(duplicates, first);
  }

  /** The number itself, or a hash of the text that is long enough to be unique in practice. */
  private static ByteBuffer bits(Object id) {
    return id instanceof Long number
        ? ByteBuffer.allocate(2 * Long.BYTES).putLong(0, number)
        : digest(id);
  }

  private static ByteBuffer digest(Object id) {
    try {
      byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java runtime has it
    }
  }
}
