package io.vectorconnect.hdf5.source;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.vectorconnect.hdf5.format.FileBytes;
import io.vectorconnect.hdf5.format.GlobalHeap;
import io.vectorconnect.hdf5.format.StoredDataset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** HDF5's types of 1-d datasets as fields. */
final class Cells {
  /** Heaps of variable-length strings that are kept; rows that follow each other share them. */
  private static final int HEAPS = 64;

  private Cells() {}

  /**
   * How elements of this type are decoded.
   *
   * @throws HdfException when no field can hold the type
   */
  static CellDecoder of(DataType type, FileBytes file) {
    if (type instanceof FixedPoint number) {
      return integer(number);
    }
    if (type instanceof FloatingPoint number) {
      return floating(number);
    }
    if (type instanceof EnumDataType names && isBoolean(names)) {
      return new CellDecoder(Schema.BOOLEAN_SCHEMA, (rows, at) -> rows[at] != 0);
    }
    if (type instanceof StringData text) {
      return fixedLength(text);
    }
    if (type instanceof VariableLength text && text.isVariableLengthString()) {
      return variableLength(text, file);
    }
    throw new HdfException(
        "its type, %s, is not supported".formatted(StoredDataset.typeName(type.getDataClass())));
  }

  private static CellDecoder integer(FixedPoint type) {
    checkWhole(type);
    ByteOrder order = type.getByteOrder();
    boolean signed = type.isSigned();
    return switch (type.getSize()) {
      case 1 ->
          signed
              ? new CellDecoder(Schema.INT8_SCHEMA, (rows, at) -> rows[at])
              : new CellDecoder(Schema.INT16_SCHEMA, (rows, at) -> (short) (rows[at] & 0xFF));
      case 2 ->
          signed
              ? new CellDecoder(Schema.INT16_SCHEMA, (rows, at) -> at(rows, order).getShort(at))
              : new CellDecoder(
                  Schema.INT32_SCHEMA, (rows, at) -> at(rows, order).getShort(at) & 0xFFFF);
      case 4 ->
          signed
              ? new CellDecoder(Schema.INT32_SCHEMA, (rows, at) -> at(rows, order).getInt(at))
              : new CellDecoder(
                  Schema.INT64_SCHEMA,
                  (rows, at) -> Integer.toUnsignedLong(at(rows, order).getInt(at)));
      default ->
          new CellDecoder(
              Schema.INT64_SCHEMA,
              (rows, at) -> {
                long value = at(rows, order).getLong(at);
                if (!signed && value < 0) {
                  throw new DataException(
                      "a uint64 above 2^63 - 1, which no field holds; write it as a string");
                }
                return value;
              });
    };
  }

  private static ByteBuffer at(byte[] rows, ByteOrder order) {
    return ByteBuffer.wrap(rows).order(order);
  }

  private static void checkWhole(FixedPoint type) {
    int size = type.getSize();
    boolean plain = size == 1 || size == 2 || size == 4 || size == 8;
    if (!plain || type.getBitOffset() != 0 || type.getBitPrecision() != size * 8) {
      throw new HdfException(
          "whole numbers of %d bits in %d bytes are not supported"
              .formatted(type.getBitPrecision(), size));
    }
  }

  private static CellDecoder floating(FloatingPoint type) {
    ByteOrder order = type.getByteOrder();
    return switch (FloatKind.of(type)) {
      case HALF ->
          new CellDecoder(
              Schema.FLOAT32_SCHEMA,
              (rows, at) -> FloatingPoint.toFloat(at(rows, order).getShort(at)));
      case BFLOAT16 ->
          new CellDecoder(
              Schema.FLOAT32_SCHEMA,
              (rows, at) -> Float.intBitsToFloat(at(rows, order).getShort(at) << 16));
      case SINGLE ->
          new CellDecoder(Schema.FLOAT32_SCHEMA, (rows, at) -> at(rows, order).getFloat(at));
      case DOUBLE ->
          new CellDecoder(Schema.FLOAT64_SCHEMA, (rows, at) -> at(rows, order).getDouble(at));
    };
  }

  /** h5py writes numpy's bool as an enumeration over int8. */
  private static boolean isBoolean(EnumDataType type) {
    return type.getSize() == 1 && type.getEnumMapping().equals(Map.of(0, "FALSE", 1, "TRUE"));
  }

  private static CellDecoder fixedLength(StringData type) {
    int size = type.getSize();
    return new CellDecoder(
        Schema.STRING_SCHEMA,
        (rows, at) -> {
          ByteBuffer text = ByteBuffer.wrap(rows, at, size).slice();
          type.getStringPaddingHandler().setBufferLimit(text);
          return utf8(text);
        });
  }

  private static CellDecoder variableLength(VariableLength type, FileBytes file) {
    Map<Long, GlobalHeap> heaps =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, GlobalHeap> eldest) {
            return size() > HEAPS;
          }
        };
    int addressBytes = file.offsetBytes();
    if (type.getSize() != 2 * Integer.BYTES + addressBytes) {
      throw new HdfException("its strings have references of %d bytes".formatted(type.getSize()));
    }
    return new CellDecoder(
        Schema.STRING_SCHEMA,
        (rows, at) -> { // int32 length, address of the heap, int32 place in it
          ByteBuffer reference = at(rows, ByteOrder.LITTLE_ENDIAN);
          int length = reference.getInt(at);
          long address = file.address(reference.position(at + Integer.BYTES));
          int index = reference.getInt();
          if (length == 0 || address == 0 || address == FileBytes.UNDEFINED) {
            return "";
          }
          GlobalHeap heap = heaps.computeIfAbsent(address, a -> new GlobalHeap(file, a));
          ByteBuffer text = heap.value(index);
          if (length < 0 || length > text.remaining()) {
            throw new DataException("a string longer than what is stored of it");
          }
          return utf8(text.limit(text.position() + length));
        });
  }

  /** HDF5's ASCII is read as UTF-8, too: many writers put UTF-8 there. */
  private static String utf8(ByteBuffer text) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(text)
          .toString();
    } catch (CharacterCodingException e) {
      throw new DataException("a string that is not UTF-8", e);
    }
  }
}
