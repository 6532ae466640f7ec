package io.vectorconnect.hdf5.source;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.FloatingPoint;

/** The floating-point formats that are understood; HDF5 can describe any. */
enum FloatKind {
  HALF(2, 5, 10, 15),
  BFLOAT16(2, 8, 7, 127),
  SINGLE(4, 8, 23, 127),
  DOUBLE(8, 11, 52, 1023);

  private final int bytes;
  private final int exponentBits;
  private final int fractionBits;
  private final int bias;

  FloatKind(int bytes, int exponentBits, int fractionBits, int bias) {
    this.bytes = bytes;
    this.exponentBits = exponentBits;
    this.fractionBits = fractionBits;
    this.bias = bias;
  }

  /**
   * The format of a type.
   *
   * @throws HdfException when it is none of these
   */
  static FloatKind of(FloatingPoint type) {
    for (FloatKind kind : values()) {
      if (type.getSize() == kind.bytes
          && type.getBitOffset() == 0
          && type.getBitPrecision() == kind.bytes * 8
          && type.getExponentSize() == kind.exponentBits
          && type.getMantissaSize() == kind.fractionBits
          && type.getMantissaLocation() == 0
          && type.getExponentLocation() == kind.fractionBits
          && type.getExponentBias() == kind.bias) {
        return kind;
      }
    }
    throw new HdfException(
        "floating-point numbers of %d bits with %d of exponent and %d of fraction are not supported"
            .formatted(type.getBitPrecision(), type.getExponentSize(), type.getMantissaSize()));
  }
}
