package io.vectorconnect.faiss.source;

import java.util.Map;

/** Kinds of indexes that Faiss writes and that are not read, so that messages can name them. */
final class RefusedIndexes {
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("IxPT", "IndexPreTransform, whose vectors are transformed"),
          Map.entry("IvPQ", "IndexIVFPQ in the layout of before 2018"),
          Map.entry("IvSQ", "IndexIVFScalarQuantizer in the layout of before 2018"),
          Map.entry("IvQR", "IndexIVFPQR, whose vectors are quantised twice"),
          Map.entry("IwQR", "IndexIVFPQR, whose vectors are quantised twice"),
          Map.entry("IwPf", "IndexIVFPQFastScan, whose codes are laid out for the processor"),
          Map.entry("IPfs", "IndexPQFastScan, whose codes are laid out for the processor"),
          Map.entry("IHN2", "IndexHNSW2Level, whose vectors are quantised twice"),
          Map.entry("IxRq", "IndexResidualQuantizer, whose vectors are quantised additively"),
          Map.entry("IwRQ", "IndexIVFResidualQuantizer, whose vectors are quantised additively"),
          Map.entry("IxLS", "IndexLocalSearchQuantizer, whose vectors are quantised additively"),
          Map.entry("IxRP", "IndexRefinePanorama, whose vectors are laid out in levels"),
          Map.entry("IxHe", "IndexLSH, whose vectors are hashed"),
          Map.entry("IxFP", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IxFp", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IHfP", "IndexHNSWFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwPn", "IndexIVFFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwP2", "IndexIVFFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwFd", "IndexIVFFlatDedup, which holds equal vectors once"),
          Map.entry("null", "index that was written without its storage"));

  private RefusedIndexes() {}

  static IndexFormatException refusal(String name, long position) {
    return new IndexFormatException(
        KINDS.containsKey(name)
            ? "it holds an %s; read are flat, scalar and product quantised indexes, alone or in IndexIVF, IndexHNSW, IndexRefine and IndexIDMap"
                .formatted(KINDS.get(name))
            : "no kind of index that is read begins with the bytes at %d".formatted(position));
  }

  static IndexFormatException lists(String form) {
    return new IndexFormatException(
        switch (form) {
          case "il00" -> "it was written without its inverted lists";
          case "ilod" ->
              "its inverted lists are in another file (OnDiskInvertedLists); write the index with"
                  + " ArrayInvertedLists";
          default -> "inverted lists of an unknown form";
        });
  }
}
