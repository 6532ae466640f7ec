package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A dataset. Its parts are parsed when they are asked for, so that the extents of one whose type is
 * not supported can be told.
 */
public final class StoredDataset {
  private static final int NULL_DATASPACE = 2;
  private static final long UNLIMITED = -1;

  private final FileBytes file;
  private final ObjectHeader header;
  private final String path;
  private final long address;
  private final boolean isNull;
  private final long[] extents;
  private final long[] mostExtents;

  StoredDataset(FileBytes file, ObjectHeader header, String path, long address) {
    this.file = file;
    this.header = header;
    this.path = path;
    this.address = address;
    ByteBuffer space = header.require(ObjectHeader.DATASPACE, "dataspace");
    int version = space.get();
    int rank = Byte.toUnsignedInt(space.get());
    int flags = space.get();
    if (version != 1 && version != 2) {
      throw new HdfException("its dataspace has the unknown version " + version);
    }
    isNull = space.get() == NULL_DATASPACE && version == 2;
    if (version == 1) {
      space.position(space.position() + 4);
    }
    extents = lengths(space, rank);
    mostExtents = (flags & 1) != 0 ? lengths(space, rank) : extents;
  }

  private long[] lengths(ByteBuffer space, int rank) {
    long[] lengths = new long[rank];
    for (int i = 0; i < rank; i++) {
      long length = file.length(space);
      boolean unlimited =
          file.lengthBytes() < Long.BYTES && length == (1L << (file.lengthBytes() * 8)) - 1;
      lengths[i] = unlimited ? UNLIMITED : length;
    }
    return lengths;
  }

  /** The path by which it was found. */
  public String path() {
    return path;
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The path of the group in which it was found. */
  public String group() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** Whether two paths lead to this dataset. */
  public boolean isSame(StoredDataset other) {
    return address == other.address;
  }

  /** The number of elements in each dimension; none for a single value. */
  public long[] extents() {
    return extents.clone();
  }

  /** Whether it has no values at all, by its dataspace. */
  public boolean isNull() {
    return isNull;
  }

  /**
   * The type of its elements.
   *
   * @throws HdfException naming the type when it cannot be parsed
   */
  public DataType type() {
    ByteBuffer message = header.require(ObjectHeader.DATATYPE, "datatype");
    int typeClass = message.get(message.position()) & 0xF;
    try {
      return DataType.readDataType(message);
    } catch (HdfException | ArithmeticException | IllegalArgumentException e) {
      throw new HdfException(
          "its type, %s, is not supported: %s".formatted(typeName(typeClass), e.getMessage()), e);
    }
  }

  /** What a class of types is called; the numbers are those in files. */
  public static String typeName(int typeClass) {
    return switch (typeClass) {
      case 0 -> "whole number";
      case 1 -> "floating-point number";
      case 2 -> "time";
      case 3 -> "string";
      case 4 -> "bit field";
      case 5 -> "opaque";
      case 6 -> "compound";
      case 7 -> "reference";
      case 8 -> "enumeration other than h5py's bool";
      case 9 -> "sequence of variable length";
      case 10 -> "array";
      case 11 -> "complex number";
      default -> "of the unknown class " + typeClass;
    };
  }

  /**
   * Where its elements are.
   *
   * @throws HdfException when they are in other files or datasets
   */
  public Layout layout() {
    if (header.has(ObjectHeader.EXTERNAL_FILES)) {
      throw new HdfException("its data is in other files, which are not read");
    }
    Layout layout = Layout.parse(file, header.require(ObjectHeader.LAYOUT, "layout"));
    if (layout instanceof Layout.Virtual) {
      throw new HdfException(
          "it is a virtual dataset, which is not read; read the datasets that it is made of, or copy it into a file of its own");
    }
    return layout;
  }

  /** Reads the chunks of a layout. */
  public ChunkReader chunks(Layout.Chunked layout) {
    Filters filters =
        header.find(ObjectHeader.FILTERS).map(Filters::parse).orElse(new Filters(List.of()));
    return new ChunkReader(file, layout, filters, type().getSize(), extents, mostExtents);
  }

  /**
   * What an element is that was never written: zeros unless the file says otherwise.
   *
   * @throws HdfException when the file leaves open what it is
   */
  public byte[] fillValue() {
    int size = type().getSize();
    ByteBuffer value =
        header
            .find(ObjectHeader.FILL_VALUE)
            .map(StoredDataset::fillValue)
            .or(() -> header.find(ObjectHeader.OLD_FILL_VALUE).map(StoredDataset::sized))
            .orElse(ByteBuffer.allocate(0));
    byte[] element = new byte[size];
    if (value.remaining() == size) {
      value.get(element);
    } else if (value.hasRemaining()) {
      throw new HdfException(
          "its fill value has %d bytes, expected %d".formatted(value.remaining(), size));
    }
    return element;
  }

  private static ByteBuffer fillValue(ByteBuffer message) {
    int version = message.get();
    if (version == 3) {
      int flags = message.get();
      checkDefined((flags & 1 << 4) == 0);
      return (flags & 1 << 5) != 0 ? sized(message) : ByteBuffer.allocate(0);
    }
    if (version != 1 && version != 2) {
      throw new HdfException("its fill value has the unknown version " + version);
    }
    message.getShort(); // when space is taken, and when the value is written
    boolean defined = message.get() == 1;
    checkDefined(defined);
    return sized(message);
  }

  private static void checkDefined(boolean defined) {
    if (!defined) {
      throw new HdfException("rows were never written, and the file leaves open what they are");
    }
  }

  private static ByteBuffer sized(ByteBuffer message) {
    int size = message.getInt();
    return FileBytes.part(message, Math.max(0, size));
  }
}
