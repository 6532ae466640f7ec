package io.vectorconnect.oceanbase.source;

import io.vectorconnect.data.PackedVector;
import io.vectorconnect.oceanbase.source.ColumnReader.SparseValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;

/**
 * A SPARSEVECTOR's text, {@code {7:0.5,100:1}}. Its indices are exact; its values are rounded to
 * six digits, and asked for once more, one by one.
 */
final class SparseText {
  private SparseText() {}

  /** The packed vector: pairs by ascending index. */
  static byte[] read(byte[] raw, String column, SparseValues values) {
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new DataException("expected a sparse vector's text, {1:0.5}");
    }
    List<String> indices = new ArrayList<>();
    List<Boolean> negativeZeros = new ArrayList<>();
    if (text.length() > 2) {
      for (String entry : text.substring(1, text.length() - 1).split(",", -1)) {
        int colon = entry.indexOf(':');
        indices.add(Long.toString(Long.parseLong(entry.substring(0, colon).strip())));
        negativeZeros.add(entry.startsWith("-", colon + 1));
      }
    }
    double[] exact = indices.isEmpty() ? new double[0] : values.at(column, indices);
    int[] positions = new int[exact.length];
    float[] elements = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      positions[i] = Integer.parseUnsignedInt(indices.get(i));
      float element = VectorForm.exact(exact[i]);
      // An inner product's sum starts at 0, to which -0 adds nothing.
      elements[i] = element == 0 && negativeZeros.get(i) ? -0f : element;
    }
    return PackedVector.ofSparse(0, positions, elements).bytes();
  }
}
