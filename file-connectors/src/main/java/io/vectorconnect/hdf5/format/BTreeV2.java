package io.vectorconnect.hdf5.format;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A B-tree of version 2, whose records are of one length. */
final class BTreeV2 {
  private static final int NODE_OVERHEAD = 10;
  private static final int MAX_DEPTH = 32;

  private final FileBytes file;
  private final int type;
  private final int nodeSize;
  private final int recordSize;

  /** Bytes of the number of records in a child, and by depth of those in all nodes below it. */
  private final int countBytes;

  private final int[] totalBytes;
  private final long root;
  private final int rootRecords;
  private final long records;

  BTreeV2(FileBytes file, long address) {
    this.file = file;
    ByteBuffer header = file.read(address, 22L + file.offsetBytes() + file.lengthBytes());
    ChecksumUtils.validateChecksum(header);
    header.rewind();
    FileBytes.expect(header, "BTHD", 0);
    type = header.get();
    nodeSize = header.getInt();
    recordSize = Short.toUnsignedInt(header.getShort());
    int depth = Short.toUnsignedInt(header.getShort());
    header.getShort(); // percentages at which nodes are split and merged
    root = file.address(header);
    rootRecords = Short.toUnsignedInt(header.getShort());
    records = file.length(header);
    if (recordSize == 0 || nodeSize <= NODE_OVERHEAD + recordSize || depth > MAX_DEPTH) {
      throw new HdfException("a B-tree with nodes of %d bytes".formatted(nodeSize));
    }
    if (records < 0 || records > file.size() / recordSize) {
      throw new HdfException("a B-tree with more records than the file can hold");
    }
    long leaf = (long) (nodeSize - NODE_OVERHEAD) / recordSize;
    countBytes = bytesFor(leaf);
    totalBytes = new int[depth + 1];
    double total = leaf;
    for (int i = 1; i <= depth; i++) {
      int pointer = file.offsetBytes() + countBytes + totalBytes[i - 1];
      long most = (long) (nodeSize - NODE_OVERHEAD - pointer) / (recordSize + pointer);
      total = (most + 1) * total + most;
      totalBytes[i] = bytesFor((long) Math.min(total, Long.MAX_VALUE));
    }
  }

  private static int bytesFor(long number) {
    return (63 - Long.numberOfLeadingZeros(Math.max(1, number))) / 8 + 1;
  }

  int type() {
    return type;
  }

  int recordSize() {
    return recordSize;
  }

  /** Gives each record to a consumer. */
  void forEach(Consumer<ByteBuffer> use) {
    if (root != FileBytes.UNDEFINED) {
      long[] left = {records};
      node(root, totalBytes.length - 1, rootRecords, use, left);
    }
  }

  private void node(long address, int depth, int count, Consumer<ByteBuffer> use, long[] left) {
    ByteBuffer node = file.read(address, nodeSize);
    int pointer = depth == 0 ? 0 : file.offsetBytes() + countBytes + totalBytes[depth - 1];
    long used = 6L + (long) count * recordSize + (count + 1L) * pointer + 4;
    if (used > nodeSize || (left[0] -= count) < 0) {
      throw new HdfException("a node of a B-tree with %d records".formatted(count));
    }
    node.limit((int) used);
    ChecksumUtils.validateChecksum(node);
    node.rewind();
    FileBytes.expect(node, depth == 0 ? "BTLF" : "BTIN", 0);
    node.get(); // type
    for (int i = 0; i < count; i++) {
      use.accept(FileBytes.part(node, recordSize));
    }
    for (int i = 0; depth > 0 && i <= count; i++) {
      long child = file.address(node);
      int childRecords = (int) FileBytes.unsigned(node, countBytes);
      FileBytes.unsigned(node, totalBytes[depth - 1]);
      node(child, depth - 1, childRecords, use, left);
    }
  }
}
