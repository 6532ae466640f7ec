package io.vectorconnect.hdf5.format;

import io.jhdf.exceptions.HdfException;
import java.util.Optional;

/** Finds the chunks of a dataset. */
@FunctionalInterface
interface ChunkIndex {
  /**
   * A chunk as it is stored.
   *
   * @param size bytes in the file
   * @param skipped a bit for each filter, lowest for the first one: whether it was left out
   */
  record Chunk(long address, long size, int skipped) {}

  /**
   * The chunk with these numbers, one for each dimension, from 0.
   *
   * @return nothing where it was never written
   */
  Optional<Chunk> find(long... numbers);

  /** The index of a dataset. */
  static ChunkIndex of(
      FileBytes file, Layout.Chunked layout, long[] extents, long[] mostExtents, long chunkBytes) {
    long[] chunk = layout.extents();
    if (chunk.length != extents.length) {
      throw new HdfException(
          "its chunks have %d dimensions, but it has %d".formatted(chunk.length, extents.length));
    }
    for (long extent : chunk) {
      if (extent <= 0) {
        throw new HdfException("its chunks have no elements");
      }
    }
    long address = layout.address();
    if (address == FileBytes.UNDEFINED) {
      return numbers -> Optional.empty();
    }
    return switch (layout.index()) {
      case B_TREE_V1 -> ChunkTrees.first(file, address, chunk, extents);
      case B_TREE_V2 -> ChunkTrees.second(file, address, chunk.length, chunkBytes);
      case SINGLE -> {
        Chunk only =
            layout
                .single()
                .map(filtered -> new Chunk(address, filtered.size(), filtered.skipped()))
                .orElse(new Chunk(address, chunkBytes, 0));
        yield numbers -> Optional.of(only);
      }
      case IMPLICIT -> {
        ChunkNumbers order = ChunkNumbers.of(chunk, mostExtents);
        yield numbers ->
            Optional.of(
                new Chunk(
                    Math.addExact(address, Math.multiplyExact(order.number(numbers), chunkBytes)),
                    chunkBytes,
                    0));
      }
      case FIXED_ARRAY ->
          new FixedArray(file, address, chunkBytes, ChunkNumbers.of(chunk, mostExtents));
      case EXTENSIBLE_ARRAY ->
          new ExtensibleArray(file, address, chunkBytes, ChunkNumbers.of(chunk, mostExtents));
    };
  }
}
