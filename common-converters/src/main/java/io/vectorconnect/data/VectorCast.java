package io.vectorconnect.data;

import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/**
 * Turns a packed vector into the element type that a target column has.
 *
 * <p>Widening (float16, bfloat16 and int8 into float32) is exact. Narrowing passes when every
 * element is held exactly, and is refused otherwise unless the {@link LossyCast} was asked for.
 */
public final class VectorCast {
  private VectorCast() {}

  /**
   * The same vector as {@code wanted}.
   *
   * @throws DataException when there is no such conversion, or an element would be changed by it
   */
  public static PackedVector to(VectorType wanted, PackedVector vector, Set<LossyCast> allowed) {
    if (vector.type() == wanted) {
      return vector;
    }
    return switch (wanted) {
      case FLOAT -> widen(vector);
      case FLOAT16 -> toFloat16(widen(vector), allowed.contains(LossyCast.FLOAT32_TO_FLOAT16));
      case BFLOAT16 -> toBFloat16(widen(vector));
      case INT8 -> toInt8(widen(vector));
      case BINARY, SPARSE -> throw noConversion(vector.type(), wanted);
    };
  }

  /**
   * One 64-bit element of a vector as a 32-bit float.
   *
   * @param position the element's, for the message
   * @throws DataException when it would be changed, and that was not asked for
   */
  public static float toFloat(double element, long position, Set<LossyCast> allowed) {
    float value = (float) element;
    return value == element
        ? value
        : DenseForms.toFloat(element, position, allowed.contains(LossyCast.FLOAT64_TO_FLOAT32));
  }

  /**
   * One whole number of a vector as a 32-bit float.
   *
   * @param position the element's, for the message
   * @throws DataException when it would be changed, and that was not asked for
   */
  public static float toFloat(long element, long position, Set<LossyCast> allowed) {
    return Math.abs(element) <= 1 << 24
        ? element
        : DenseForms.toFloat(element, position, allowed.contains(LossyCast.FLOAT64_TO_FLOAT32));
  }

  private static PackedVector widen(PackedVector vector) {
    byte[] in = vector.bytes();
    int dimension = vector.dimension();
    if (vector.type() == VectorType.FLOAT) {
      return vector;
    }
    byte[] out = new byte[VectorType.FLOAT.packedLength(dimension)];
    switch (vector.type()) {
      case FLOAT16 -> {
        for (int i = 0; i < dimension; i++) {
          LittleEndian.putFloat(
              out, i * 4, Float16.toFloat(LittleEndian.getShort(in, i * Short.BYTES)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < dimension; i++) {
          LittleEndian.putInt(out, i * 4, LittleEndian.getShort(in, i * Short.BYTES) << 16);
        }
      }
      case INT8 -> {
        for (int i = 0; i < dimension; i++) {
          LittleEndian.putFloat(out, i * 4, in[i]);
        }
      }
      default -> throw noConversion(vector.type(), VectorType.FLOAT);
    }
    return new PackedVector(VectorType.FLOAT, dimension, out);
  }

  private static PackedVector toFloat16(PackedVector floats, boolean mayRound) {
    byte[] out = new byte[VectorType.FLOAT16.packedLength(floats.dimension())];
    for (int i = 0; i < floats.dimension(); i++) {
      float element = LittleEndian.getFloat(floats.bytes(), i * Float.BYTES);
      short half = Float16.fromFloat(element);
      float back = Float16.toFloat(half);
      boolean overflow = Float.isInfinite(back) && !Float.isInfinite(element);
      if (overflow || (!mayRound && !sameValue(element, back))) {
        throw inexact(i, VectorType.FLOAT16, overflow ? null : LossyCast.FLOAT32_TO_FLOAT16);
      }
      LittleEndian.putShort(out, i * Short.BYTES, half);
    }
    return new PackedVector(VectorType.FLOAT16, floats.dimension(), out);
  }

  private static PackedVector toBFloat16(PackedVector floats) {
    byte[] out = new byte[VectorType.BFLOAT16.packedLength(floats.dimension())];
    for (int i = 0; i < floats.dimension(); i++) {
      int bits = LittleEndian.getInt(floats.bytes(), i * Float.BYTES);
      if ((bits & 0xFFFF) != 0) {
        throw inexact(i, VectorType.BFLOAT16, null);
      }
      LittleEndian.putShort(out, i * Short.BYTES, (short) (bits >>> 16));
    }
    return new PackedVector(VectorType.BFLOAT16, floats.dimension(), out);
  }

  private static PackedVector toInt8(PackedVector floats) {
    byte[] out = new byte[floats.dimension()];
    for (int i = 0; i < out.length; i++) {
      float element = LittleEndian.getFloat(floats.bytes(), i * Float.BYTES);
      out[i] = (byte) element;
      if (!sameValue(element, out[i])) {
        throw inexact(i, VectorType.INT8, null);
      }
    }
    return new PackedVector(VectorType.INT8, floats.dimension(), out);
  }

  /** Equal to the bit (so -0.0 is not 0.0), or both NaN. */
  private static boolean sameValue(float a, float b) {
    return Float.floatToIntBits(a) == Float.floatToIntBits(b);
  }

  private static DataException noConversion(VectorType from, VectorType to) {
    return new DataException(
        "expected a %s, got a %s, and there is no conversion between them"
            .formatted(to.schemaName(), from.schemaName()));
  }

  private static DataException inexact(int element, VectorType wanted, LossyCast key) {
    String fix =
        key == null
            ? "use a wider column"
            : "use a wider column, or set vector.lossy.casts="
                + key.name().toLowerCase(java.util.Locale.ROOT);
    return new DataException(
        "element %d cannot be held exactly by a %s; %s"
            .formatted(element, wanted.schemaName(), fix));
  }
}
