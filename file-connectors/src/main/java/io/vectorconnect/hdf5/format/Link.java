package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a name in a group leads to. */
sealed interface Link {
  /** An object at an address. */
  record Hard(long address) implements Link {}

  /** Another path, from the root where it begins with a slash, otherwise from the group. */
  record Soft(String path) implements Link {}

  /** An object in another file. */
  record External(String file) implements Link {}

  /** A kind of link that only the program that made it understands. */
  record Other() implements Link {}

  /** A link with its name. */
  record Named(String name, Link link) {}

  /** Parses a link message. */
  static Named parse(FileBytes file, ByteBuffer message) {
    int version = message.get();
    if (version != 1) {
      throw new HdfException("a link of the unknown version " + version);
    }
    int flags = message.get();
    int type = (flags & 1 << 3) != 0 ? Byte.toUnsignedInt(message.get()) : 0;
    if ((flags & 1 << 2) != 0) {
      message.getLong(); // the order of creation
    }
    if ((flags & 1 << 4) != 0) {
      message.get(); // the character set: both are read as UTF-8
    }
    String name = text(message, FileBytes.unsigned(message, 1 << (flags & 3)));
    return new Named(
        name,
        switch (type) {
          case 0 -> new Hard(file.address(message));
          case 1 -> new Soft(text(message, Short.toUnsignedInt(message.getShort())));
          case 64 -> {
            ByteBuffer value = FileBytes.part(message, Short.toUnsignedInt(message.getShort()));
            value.get(); // version and flags
            yield new External(untilNul(value));
          }
          default -> new Other();
        });
  }

  private static String text(ByteBuffer message, long length) {
    return StandardCharsets.UTF_8.decode(FileBytes.part(message, length)).toString();
  }

  /** The text from the position of a buffer to the next NUL, or to the end. */
  static String untilNul(ByteBuffer bytes) {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    return text(bytes, end - bytes.position());
  }
}
