package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes one filter. No filter may give more bytes than its chunk can have. */
final class Decoder {
  /** What filters may add to a chunk before another one packs it. */
  static final int SLACK = 4096;

  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  private static final int LZF = 32000;
  private static final int LZ4 = 32004;
  private static final int BITSHUFFLE = 32008;

  private static final Map<Integer, String> REFUSED =
      Map.ofEntries(
          Map.entry(4, "szip"),
          Map.entry(5, "nbit"),
          Map.entry(6, "scaleoffset"),
          Map.entry(307, "bzip2"),
          Map.entry(32001, "blosc"),
          Map.entry(32013, "zfp"),
          Map.entry(32015, "zstd"),
          Map.entry(32026, "blosc2"));

  private Decoder() {}

  static void check(Filters.Filter filter, int elementBytes) {
    switch (filter.id()) {
      case DEFLATE, FLETCHER32, LZF, LZ4 -> {}
      case SHUFFLE -> {
        int[] values = filter.values();
        if (values.length == 0 || values[0] < 1 || values[0] > elementBytes) {
          throw new HdfException("its shuffle filter has elements of another size");
        }
      }
      case BITSHUFFLE -> Bitshuffle.check(filter.values(), elementBytes);
      default ->
          throw new HdfException(
              "its filter %s (number %d) is not supported; write it again with gzip, shuffle, lzf or none, for example with h5repack"
                  .formatted(REFUSED.getOrDefault(filter.id(), filter.name()), filter.id()));
    }
  }

  /**
   * Undoes a filter.
   *
   * @param most bytes that may come out
   */
  static byte[] decode(Filters.Filter filter, byte[] data, long most) {
    return switch (filter.id()) {
      case DEFLATE -> inflate(data, most);
      case SHUFFLE -> unshuffle(data, filter.values()[0]);
      case FLETCHER32 -> checked(data);
      case LZF -> Unpack.lzf(data, most);
      case LZ4 -> Unpack.lz4(data, most);
      case BITSHUFFLE -> Bitshuffle.decode(filter.values(), data, most);
      default -> throw new HdfException("filter %d is not supported".formatted(filter.id()));
    };
  }

  static HdfException tooMuch(long most) {
    return new HdfException(
        "a chunk unpacks to more than the %d bytes that it should have".formatted(most));
  }

  private static byte[] inflate(byte[] data, long most) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      byte[] out = new byte[(int) Math.min(most, Math.max(1024, data.length * 4L))];
      int length = 0;
      while (!inflater.finished()) {
        if (length == out.length) {
          if (length == most) {
            byte[] more = new byte[1];
            if (inflater.inflate(more) > 0 || !inflater.finished()) {
              throw tooMuch(most);
            }
            break;
          }
          out = Arrays.copyOf(out, (int) Math.min(most, out.length * 2L));
        }
        int read = inflater.inflate(out, length, out.length - length);
        if (read == 0 && !inflater.finished()) {
          throw new HdfException("a chunk ends in the midst of what gzip packed");
        }
        length += read;
      }
      return length == out.length ? out : Arrays.copyOf(out, length);
    } catch (DataFormatException e) {
      throw new HdfException("a chunk is not what gzip packs", e);
    } finally {
      inflater.end();
    }
  }

  private static byte[] unshuffle(byte[] data, int size) {
    int elements = data.length / size;
    byte[] out = new byte[data.length];
    int from = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < elements; j++) {
        out[j * size + i] = data[from++];
      }
    }
    System.arraycopy(data, from, out, from, data.length - from);
    return out;
  }

  private static byte[] checked(byte[] data) {
    int length = data.length - Integer.BYTES;
    if (length < 0) {
      throw new HdfException("a chunk is shorter than its checksum");
    }
    int stored =
        java.nio.ByteBuffer.wrap(data).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(length);
    int computed = fletcher32(data, length);
    // Before release 1.6.3 the library stored the bytes of each half the other way around.
    int swapped = (computed & 0x00FF00FF) << 8 | (computed >>> 8 & 0x00FF00FF);
    if (stored != computed && stored != swapped) {
      throw new HdfException("the checksum of a chunk is wrong");
    }
    return Arrays.copyOf(data, length);
  }

  /** Fletcher's checksum over big-endian numbers of 16 bits. */
  static int fletcher32(byte[] data, int length) {
    int first = 0;
    int second = 0;
    for (int at = 0; at < length; ) {
      int end = (int) Math.min(length - length % 2, at + 720L);
      if (at >= end) {
        first += (data[at] & 0xFF) << 8;
        second += first;
        at++;
      }
      for (; at < end; at += 2) {
        first += (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
        second += first;
      }
      first = (first & 0xFFFF) + (first >>> 16);
      second = (second & 0xFFFF) + (second >>> 16);
    }
    first = (first & 0xFFFF) + (first >>> 16);
    second = (second & 0xFFFF) + (second >>> 16);
    return second << 16 | first;
  }
}
