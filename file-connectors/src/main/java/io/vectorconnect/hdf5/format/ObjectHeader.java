package io.vectorconnect.hdf5.format;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The messages of an object, which say what it is. Only those that are asked for are parsed, so an
 * attribute that nobody reads cannot be in the way.
 */
final class ObjectHeader {
  static final int DATASPACE = 1;
  static final int LINK_INFO = 2;
  static final int DATATYPE = 3;
  static final int OLD_FILL_VALUE = 4;
  static final int FILL_VALUE = 5;
  static final int LINK = 6;
  static final int EXTERNAL_FILES = 7;
  static final int LAYOUT = 8;
  static final int FILTERS = 11;
  static final int SYMBOL_TABLE = 17;

  private static final int CONTINUATION = 16;
  private static final int LAST_KNOWN_TYPE = 0x17;
  private static final int SHARED_FLAG = 1 << 1;
  private static final int FAIL_IF_UNKNOWN_FLAG = 1 << 7;

  /** More than that is no header, or one that continues in itself. */
  private static final int MAX_BLOCKS = 10_000;

  private record Message(int type, int flags, ByteBuffer data) {}

  private record Block(long address, long length) {}

  private final FileBytes file;
  private final List<Message> messages = new ArrayList<>();

  private ObjectHeader(FileBytes file) {
    this.file = file;
  }

  /**
   * Reads a header.
   *
   * @throws HdfException when there is none, or its checksum is wrong
   */
  static ObjectHeader read(FileBytes file, long address) {
    ObjectHeader header = new ObjectHeader(file);
    if (file.read(address, 1).get() == 1) {
      header.readOld(address);
    } else {
      header.readNew(address);
    }
    return header;
  }

  private void readOld(long address) {
    long length = FileBytes.unsigned(file.read(address + 8, 4), 4);
    List<Block> blocks = new ArrayList<>(List.of(new Block(address + 16, length)));
    for (int i = 0; i < blocks.size(); i++) {
      ByteBuffer block = file.read(blocks.get(i).address(), blocks.get(i).length());
      while (block.remaining() >= 8) {
        int type = Short.toUnsignedInt(block.getShort());
        int size = Short.toUnsignedInt(block.getShort());
        int flags = block.get();
        block.position(block.position() + 3);
        add(type, flags, FileBytes.part(block, size), blocks);
      }
    }
  }

  private void readNew(long address) {
    ByteBuffer start = file.read(address, 6);
    FileBytes.expect(start, "OHDR", 2);
    int flags = start.get();
    int times = (flags & 1 << 5) != 0 ? 16 : 0;
    int phases = (flags & 1 << 4) != 0 ? 4 : 0;
    int sizeBytes = 1 << (flags & 3);
    int prefix = 6 + times + phases + sizeBytes;
    ByteBuffer size = file.read(address + prefix - sizeBytes, sizeBytes);
    long length = FileBytes.unsigned(size, sizeBytes);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block(address, Math.addExact(length, prefix + 4)));
    for (int i = 0; i < blocks.size(); i++) {
      ByteBuffer block = file.read(blocks.get(i).address(), blocks.get(i).length());
      ChecksumUtils.validateChecksum(block);
      block.rewind();
      if (i > 0 && block.getInt() != 0x4B48434F) { // OCHK
        throw new HdfException("a continuation of an object header without its signature");
      }
      block.position(i == 0 ? prefix : 4).limit(block.limit() - 4);
      int more = (flags & 1 << 2) != 0 ? 2 : 0; // the order of creation
      while (block.remaining() >= 4 + more) {
        int type = Byte.toUnsignedInt(block.get());
        int messageSize = Short.toUnsignedInt(block.getShort());
        int messageFlags = block.get();
        block.position(block.position() + more);
        add(type, messageFlags, FileBytes.part(block, messageSize), blocks);
      }
    }
  }

  private void add(int type, int flags, ByteBuffer data, List<Block> blocks) {
    if (type == CONTINUATION) {
      if (blocks.size() >= MAX_BLOCKS) {
        throw new HdfException("an object header of too many parts");
      }
      blocks.add(new Block(file.address(data), file.length(data)));
    } else if (type > LAST_KNOWN_TYPE && (flags & FAIL_IF_UNKNOWN_FLAG) != 0) {
      throw new HdfException(
          "it has a message of type %d, which must be understood".formatted(type));
    } else {
      messages.add(new Message(type, flags, data));
    }
  }

  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type() == type);
  }

  /** The first message of a type. */
  Optional<ByteBuffer> find(int type) {
    return all(type).stream().findFirst();
  }

  /**
   * The message of a type.
   *
   * @throws HdfException when there is none
   */
  ByteBuffer require(int type, String what) {
    return find(type).orElseThrow(() -> new HdfException("it has no " + what));
  }

  /** All messages of a type. */
  List<ByteBuffer> all(int type) {
    return messages.stream().filter(message -> message.type() == type).map(this::data).toList();
  }

  private ByteBuffer data(Message message) {
    ByteBuffer data = message.data().duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
    return (message.flags() & SHARED_FLAG) == 0 ? data : shared(message.type(), data);
  }

  /** A message that is in the header of another object, such as that of a committed datatype. */
  private ByteBuffer shared(int type, ByteBuffer reference) {
    int version = reference.get();
    int place = reference.get();
    if (version < 1 || version > 3 || (version == 3 && place != 2)) {
      throw new HdfException(
          "a part of it is in the file's table of shared messages, which is not read");
    }
    if (version == 1) {
      reference.position(reference.position() + 6);
    }
    ObjectHeader other = read(file, file.address(reference));
    return other.messages.stream()
        .filter(message -> message.type() == type && (message.flags() & SHARED_FLAG) == 0)
        .findFirst()
        .orElseThrow(() -> new HdfException("it shares a message that is not there"))
        .data()
        .duplicate()
        .order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }
}
