package io.vectorconnect.benchmarks;

import io.vectorconnect.data.LittleEndian;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows as COPY BINARY data, held in memory for the raw path. Made without the sink's code: the raw
 * path owes it nothing.
 *
 * @param chunks the data in pieces as they are sent
 */
record Tuples(List<byte[]> chunks) {
  private static final int CHUNK = 1 << 17;
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  static Tuples of(VectorRows rows, int count) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(SIGNATURE);
    out.writeInt(0); // flags
    out.writeInt(0); // no header extension
    for (long id = 0; id < count; id++) {
      put(rows.row(id), out);
      if (bytes.size() >= CHUNK) {
        chunks.add(bytes.toByteArray());
        bytes.reset();
      }
    }
    out.writeShort(-1); // the end
    chunks.add(bytes.toByteArray());
    return new Tuples(chunks);
  }

  private static void put(VectorRows.Row row, DataOutputStream out) throws IOException {
    out.writeShort(4); // fields
    out.writeInt(Long.BYTES);
    out.writeLong(row.id());
    byte[] label = row.label().getBytes(StandardCharsets.UTF_8);
    out.writeInt(label.length);
    out.write(label);
    out.writeInt(Integer.BYTES);
    out.writeInt(row.year());
    byte[] embedding = row.embedding();
    out.writeInt(2 * Short.BYTES + embedding.length);
    out.writeShort(embedding.length / Float.BYTES);
    out.writeShort(0);
    for (int at = 0; at < embedding.length; at += Float.BYTES) {
      out.writeInt(LittleEndian.getInt(embedding, at));
    }
  }
}
