package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Indexes of chunks that are trees: they are read once, into a table. */
final class ChunkTrees implements ChunkIndex {
  private static final int MAX_LEVEL = 32;
  private static final int FILTERED_RECORDS = 11;

  private final Map<List<Long>, Chunk> chunks = new HashMap<>();

  /** Nodes that the file still has room for: a damaged one may lead to a node again and again. */
  private long nodesLeft;

  /** The numbers of the chunk that was read last. */
  private long[] last;

  private ChunkTrees() {}

  @Override
  public Optional<Chunk> find(long... numbers) {
    return Optional.ofNullable(chunks.get(key(numbers)));
  }

  private static List<Long> key(long... numbers) {
    List<Long> key = new ArrayList<>(numbers.length);
    for (long number : numbers) {
      key.add(number);
    }
    return key;
  }

  /** A B-tree of version 1. */
  static ChunkIndex first(FileBytes file, long address, long[] chunk, long[] extents) {
    ChunkTrees index = new ChunkTrees();
    index.nodesLeft = file.size() / (8L + 2L * file.offsetBytes());
    index.node(file, address, chunk, extents, MAX_LEVEL);
    return index;
  }

  private void node(FileBytes file, long address, long[] chunk, long[] extents, int mostLevel) {
    int start = 8 + 2 * file.offsetBytes();
    ByteBuffer head = file.read(address, start);
    FileBytes.expect(
        head, "TREE", 1); // the type of nodes of chunks stands where others have a version
    int level = Byte.toUnsignedInt(head.get());
    int entries = Short.toUnsignedInt(head.getShort());
    if (level > mostLevel || nodesLeft-- <= 0) {
      throw new HdfException("a tree of chunks with a node of level %d".formatted(level));
    }
    int keyBytes = 8 + 8 * (chunk.length + 1);
    ByteBuffer node = file.read(address + start, (long) entries * (keyBytes + file.offsetBytes()));
    for (int i = 0; i < entries; i++) {
      long size = FileBytes.unsigned(node, 4);
      int skipped = node.getInt();
      long[] numbers = new long[chunk.length];
      for (int d = 0; d < chunk.length; d++) {
        long offset = node.getLong();
        if (level == 0 && (offset % chunk[d] != 0 || offset < 0 || offset >= extents[d])) {
          throw new HdfException("a tree of chunks with one that is outside of the dataset");
        }
        numbers[d] = offset / chunk[d];
      }
      boolean isDamaged = node.getLong() != 0; // the offset in an element
      long child = file.address(node);
      if (level > 0) {
        node(file, child, chunk, extents, level - 1);
      } else {
        // These trees have no checksums, and a chunk that is not found counts as never written.
        isDamaged |= last != null && Arrays.compare(last, numbers) >= 0;
        last = numbers;
        chunks.put(key(numbers), new Chunk(child, size, skipped));
      }
      if (isDamaged) {
        throw new HdfException("a tree of chunks that is not in order");
      }
    }
  }

  /** A B-tree of version 2. */
  static ChunkIndex second(FileBytes file, long address, int dimensions, long chunkBytes) {
    BTreeV2 tree = new BTreeV2(file, address);
    boolean filtered = tree.type() == FILTERED_RECORDS;
    int sizeBytes = filtered ? tree.recordSize() - file.offsetBytes() - 4 - 8 * dimensions : 0;
    ChunkTrees index = new ChunkTrees();
    tree.forEach(
        record -> {
          long place = file.address(record);
          long size = filtered ? FileBytes.unsigned(record, sizeBytes) : chunkBytes;
          int skipped = filtered ? record.getInt() : 0;
          long[] numbers = new long[dimensions];
          for (int d = 0; d < dimensions; d++) {
            numbers[d] = record.getLong();
          }
          index.chunks.put(key(numbers), new Chunk(place, size, skipped));
        });
    return index;
  }
}
