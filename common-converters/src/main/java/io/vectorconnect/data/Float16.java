package io.vectorconnect.data;

/** IEEE 754 binary16 conversions (the JDK has them from 20 on). */
public final class Float16 {
  private Float16() {}

  /** The binary32 of the same value: always exact. */
  public static float toFloat(short half) {
    int bits = half & 0xFFFF;
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  /** The nearest binary16, ties to even; beyond 65,519.99 this is an infinity. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) { // NaN: keep the upper payload bits, stay a quiet NaN
      return (short) (sign | 0x7E00 | (magnitude >>> 13 & 0x3FF));
    }
    if (magnitude >= 0x477FF000) { // 65,520 and above
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x38800000) { // below the smallest normal half, 2^-14
      // Adding 0.5 aligns the fraction so that the FPU rounds at 2^-24, to even.
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3F000000));
    }
    int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
    return (short) (sign | ((rounded - (112 << 23)) >>> 13));
  }
}
