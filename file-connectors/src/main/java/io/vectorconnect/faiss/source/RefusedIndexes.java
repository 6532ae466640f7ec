package io.vectorconnect.faiss.source;

import java.util.Map;

/** Kinds of indexes that Faiss writes and that are not read, so that messages can name them. */
final class RefusedIndexes {
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("IxPT", "IndexPreTransform, whose vectors are transformed"),
          Map.entry("IvPQ", "IndexIVFPQ in the layout of before 2018"),
          Map.entry("IvSQ", "IndexIVFScalarQuantizer in the layout of before 2018"),
          Map.entry("IvQR", "IndexIVFPQR, whose vectors are quantized twice"),
          Map.entry("IwQR", "IndexIVFPQR, whose vectors are quantized twice"),
          Map.entry("IwPf", "IndexIVFPQFastScan, whose codes are laid out for the processor"),
          Map.entry("IPfs", "IndexPQFastScan, whose codes are laid out for the processor"),
          Map.entry("IHN2", "IndexHNSW2Level, whose vectors are quantized twice"),
          Map.entry("IxRq", "IndexResidualQuantizer, whose vectors are quantized additively"),
          Map.entry("IwRQ", "IndexIVFResidualQuantizer, whose vectors are quantized additively"),
          Map.entry("IxLS", "IndexLocalSearchQuantizer, whose vectors are quantized additively"),
          Map.entry("IxRP", "IndexRefinePanorama, whose vectors are laid out in levels"),
          Map.entry("IxHe", "IndexLSH, whose vectors are hashed"),
          Map.entry("IxFP", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IxFp", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IHfP", "IndexHNSWFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwPn", "IndexIVFFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwP2", "IndexIVFFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwFd", "IndexIVFFlatDedup, which holds equal vectors once"),
          Map.entry(
              "IxPR", "IndexProductResidualQuantizer, whose vectors are quantized additively"),
          Map.entry(
              "IxPL", "IndexProductLocalSearchQuantizer, whose vectors are quantized additively"),
          Map.entry(
              "ILfs",
              "IndexLocalSearchQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "IRfs", "IndexResidualQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "IPLf",
              "IndexProductLocalSearchQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "IPRf",
              "IndexProductResidualQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "IVLf",
              "IndexIVFLocalSearchQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "IVRf",
              "IndexIVFResidualQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "NPLf",
              "IndexIVFProductLocalSearchQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry(
              "NPRf",
              "IndexIVFProductResidualQuantizerFastScan, whose codes are laid out for the processor"),
          Map.entry("ImRQ", "ResidualCoarseQuantizer, whose vectors are quantized additively"),
          Map.entry("Imiq", "MultiIndexQuantizer, which contains centroids and no vectors"),
          Map.entry("Ix2L", "Index2Layer, whose vectors are quantized twice"),
          Map.entry("IxLa", "IndexLattice, whose vectors are points of a lattice"),
          Map.entry("IwLS", "IndexIVFLocalSearchQuantizer, whose vectors are quantized additively"),
          Map.entry(
              "IwPL",
              "IndexIVFProductLocalSearchQuantizer, whose vectors are quantized additively"),
          Map.entry(
              "IwPR", "IndexIVFProductResidualQuantizer, whose vectors are quantized additively"),
          Map.entry("IwSh", "IndexIVFSpectralHash, whose vectors are hashed"),
          Map.entry("IwIQ", "IndexIVFIndependentQuantizer, whose lists have an index of their own"),
          Map.entry("IHc2", "IndexHNSWCagra, whose graph is that of a GPU"),
          Map.entry("INNf", "IndexNNDescentFlat, whose graph is not read"),
          Map.entry("IRMf", "IndexRowwiseMinMax, whose vectors are scaled"),
          Map.entry("IRMh", "IndexRowwiseMinMaxFP16, whose vectors are scaled"),
          Map.entry("IxEe", "IndexEDEN, whose vectors are quantized"),
          Map.entry("IwEe", "IndexIVFEDEN, whose vectors are quantized"),
          Map.entry("Ixrq", "IndexRaBitQ, which keeps few bits of each element"),
          Map.entry("Ixrr", "IndexRaBitQ, which keeps few bits of each element"),
          Map.entry("Irfn", "IndexRaBitQFastScan, which keeps few bits of each element"),
          Map.entry("Iwrq", "IndexIVFRaBitQ, which keeps few bits of each element"),
          Map.entry("Iwrr", "IndexIVFRaBitQ, which keeps few bits of each element"),
          Map.entry("Iwrn", "IndexIVFRaBitQFastScan, which keeps few bits of each element"),
          Map.entry("ILVQ", "IndexSVSVamanaLVQ, which only Intel's SVS reads"),
          Map.entry("ISVL", "IndexSVSVamanaLeanVec, which only Intel's SVS reads"),
          Map.entry("ISV2", "IndexSVSVamana, which only Intel's SVS reads"),
          Map.entry("ISVD", "IndexSVSVamana, which only Intel's SVS reads"),
          Map.entry("ISVF", "IndexSVSFlat, which only Intel's SVS reads"),
          Map.entry("ISIQ", "IndexSVSIVFLVQ, which only Intel's SVS reads"),
          Map.entry("ISIL", "IndexSVSIVFLeanVec, which only Intel's SVS reads"),
          Map.entry("ISID", "IndexSVSIVF, which only Intel's SVS reads"),
          Map.entry("IBFf", "IndexBinaryFromFloat, which keeps bits as floats"),
          Map.entry("IBHc", "IndexBinaryHNSWCagra, whose graph is that of a GPU"),
          Map.entry("IBHh", "IndexBinaryHash, whose vectors are kept by their hashes"),
          Map.entry("IBHm", "IndexBinaryMultiHash, whose vectors are kept by their hashes"),
          Map.entry("null", "index that was written without its storage"));

  private RefusedIndexes() {}

  static IndexFormatException refusal(String name, long position) {
    return new IndexFormatException(
        KINDS.containsKey(name)
            ? "it holds an %s; read are flat, scalar and product quantized indexes, alone or in IndexIVF, IndexHNSW, IndexNSG, IndexRefine and IndexIDMap"
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
