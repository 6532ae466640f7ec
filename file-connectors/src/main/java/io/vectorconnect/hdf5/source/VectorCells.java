package io.vectorconnect.hdf5.source;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** HDF5's types of 2-d datasets as vectors. */
final class VectorCells {
  private VectorCells() {}

  /**
   * How rows of this type and length are decoded.
   *
   * @throws HdfException when they are no vectors
   */
  static CellDecoder of(DataType type, int columns, Hdf5SourceConfig config) {
    if (type instanceof FloatingPoint number) {
      ByteOrder order = number.getByteOrder();
      return switch (FloatKind.of(number)) {
        case HALF ->
            withoutNan(packed(VectorType.FLOAT16, columns, Short.BYTES, order), 0x7C00, config);
        case BFLOAT16 ->
            withoutNan(packed(VectorType.BFLOAT16, columns, Short.BYTES, order), 0x7F80, config);
        case SINGLE ->
            floats(
                withoutNan(packed(VectorType.FLOAT, columns, Float.BYTES, order), 0, config),
                config);
        case DOUBLE ->
            floats(withoutNan(doubles(columns, order, config.mayRound()), 0, config), config);
      };
    }
    if (type instanceof FixedPoint number && number.getSize() == 1) {
      if (number.isSigned()) {
        return packed(VectorType.INT8, columns, 1, ByteOrder.LITTLE_ENDIAN);
      }
      if (config.vectorBits()) {
        return bits(columns);
      }
      throw new HdfException(
          "uint8 may be bits or numbers: set vector.bits=true for 8 bits an element, or write"
              + " numbers as int8 or float32");
    }
    throw new HdfException(
        "vectors of %s with %d bytes an element are not supported; expected float16, float32, float64, int8, or uint8 bits"
            .formatted(type.getClass().getSimpleName(), type.getSize()));
  }

  private static Schema schema(VectorType type, int dimension) {
    return VectorSchema.builder(type, dimension).build();
  }

  private static CellDecoder packed(VectorType type, int columns, int size, ByteOrder order) {
    int length = type.packedLength(columns);
    return new CellDecoder(
        schema(type, columns),
        (rows, at) -> {
          byte[] vector = Arrays.copyOfRange(rows, at, at + length);
          if (order == ByteOrder.BIG_ENDIAN) {
            swap(vector, size);
          }
          return vector;
        });
  }

  private static void swap(byte[] vector, int size) {
    for (int at = 0; at < vector.length; at += size) {
      for (int i = 0, j = size - 1; i < j; i++, j--) {
        byte swapped = vector[at + i];
        vector[at + i] = vector[at + j];
        vector[at + j] = swapped;
      }
    }
  }

  private static CellDecoder bits(int columns) {
    return new CellDecoder(
        schema(VectorType.BINARY, Math.multiplyExact(columns, 8)),
        (rows, at) -> Arrays.copyOfRange(rows, at, at + columns));
  }

  private static CellDecoder doubles(int columns, ByteOrder order, boolean mayRound) {
    return new CellDecoder(
        schema(VectorType.FLOAT, columns),
        (rows, at) -> {
          ByteBuffer elements = ByteBuffer.wrap(rows).order(order);
          byte[] vector = new byte[VectorType.FLOAT.packedLength(columns)];
          for (int i = 0; i < columns; i++) {
            double element = elements.getDouble(at + i * Double.BYTES);
            float narrow = (float) element;
            boolean overflow = Float.isInfinite(narrow) && !Double.isInfinite(element);
            if (overflow || (!mayRound && Double.compare(narrow, element) != 0)) {
              throw new DataException(
                  "element %d is a float64 that float32 does not hold%s"
                      .formatted(i, overflow ? "" : " exactly; set " + castKey()));
            }
            LittleEndian.putFloat(vector, i * Float.BYTES, narrow);
          }
          return vector;
        });
  }

  private static String castKey() {
    return Hdf5SourceConfig.LOSSY_CASTS
        + "="
        + LossyCast.FLOAT64_TO_FLOAT32.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses NaN, which no vector store takes, unless the configuration lets it through.
   *
   * @param infinity of 16-bit elements: the bits of one; 0 for elements of float32
   */
  private static CellDecoder withoutNan(CellDecoder packed, int infinity, Hdf5SourceConfig config) {
    if (config.mayBeNan()) {
      return packed;
    }
    return new CellDecoder(
        packed.schema(),
        (rows, at) -> {
          byte[] vector = (byte[]) packed.cell().get(rows, at);
          int nan = infinity == 0 ? firstNan(vector) : firstNan(vector, infinity);
          if (nan >= 0) {
            throw new DataException(
                "element %d is NaN, which no vector store takes; repair the file, or set %s=pass"
                    .formatted(nan, Hdf5SourceConfig.NAN));
          }
          return vector;
        });
  }

  private static int firstNan(byte[] vector) {
    for (int at = 0; at < vector.length; at += Float.BYTES) {
      if (Float.isNaN(LittleEndian.getFloat(vector, at))) {
        return at / Float.BYTES;
      }
    }
    return -1;
  }

  private static int firstNan(byte[] vector, int infinity) {
    for (int at = 0; at < vector.length; at += Short.BYTES) {
      if ((LittleEndian.getShort(vector, at) & 0x7FFF) > infinity) {
        return at / Short.BYTES;
      }
    }
    return -1;
  }

  /** Float vectors as the configuration wants them. */
  private static CellDecoder floats(CellDecoder packed, Hdf5SourceConfig config) {
    if (!config.files().arrays()) {
      return packed;
    }
    return new CellDecoder(
        FloatArray.SCHEMA, (rows, at) -> FloatArray.of((byte[]) packed.cell().get(rows, at)));
  }
}
