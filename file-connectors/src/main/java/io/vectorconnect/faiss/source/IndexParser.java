package io.vectorconnect.faiss.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;

/**
 * Finds the vectors in an index file. The layouts are those of faiss/impl/index_write.cpp: a name
 * of four characters, a header, and the parts of that index, often further indexes.
 */
final class IndexParser {
  /**
   * An index.
   *
   * @param dimension elements of a vector, bits of a binary one
   * @param binary whether its vectors are bits
   * @param metric as vector databases call it
   */
  record Index(int dimension, boolean binary, String metric, IndexRows rows) {}

  private record Header(int dimension, int codeSize, long count, boolean binary, String metric) {}

  /** Indexes hold indexes: as deep as Faiss's own factory ever nests them. */
  private static final int MAX_DEPTH = 8;

  /** Metrics of faiss/MetricType.h by number. */
  private static final Map<Integer, String> METRICS =
      Map.of(0, "IP", 1, "L2", 2, "L1", 3, "LINF", 4, "LP");

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("IxPT", "IndexPreTransform, whose vectors are transformed"),
          Map.entry("IxPQ", "IndexPQ, whose vectors are quantised"),
          Map.entry("IxPo", "IndexPQ, whose vectors are quantised"),
          Map.entry("IxPq", "IndexPQ, whose vectors are quantised"),
          Map.entry("IxSQ", "IndexScalarQuantizer, whose vectors are quantised"),
          Map.entry("IwPQ", "IndexIVFPQ, whose vectors are quantised"),
          Map.entry("IvPQ", "IndexIVFPQ, whose vectors are quantised"),
          Map.entry("IwQR", "IndexIVFPQR, whose vectors are quantised"),
          Map.entry("IwSq", "IndexIVFScalarQuantizer, whose vectors are quantised"),
          Map.entry("IwSQ", "IndexIVFScalarQuantizer, whose vectors are quantised"),
          Map.entry("IwPf", "IndexIVFPQFastScan, whose vectors are quantised"),
          Map.entry("IPfs", "IndexPQFastScan, whose vectors are quantised"),
          Map.entry("IHNs", "IndexHNSWSQ, whose vectors are quantised"),
          Map.entry("IHNp", "IndexHNSWPQ, whose vectors are quantised"),
          Map.entry("IHN2", "IndexHNSW2Level, whose vectors are quantised"),
          Map.entry("IxRF", "IndexRefine, which holds its vectors twice"),
          Map.entry("IxHe", "IndexLSH, whose vectors are hashed"),
          Map.entry("IxFP", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IxFp", "IndexFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IHfP", "IndexHNSWFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwPn", "IndexIVFFlatPanorama, whose vectors are laid out in levels"),
          Map.entry("IwFd", "IndexIVFFlatDedup, which holds equal vectors once"));

  private final FileChannel channel;
  private final IndexInput input;

  IndexParser(FileChannel channel) throws IOException {
    this.channel = channel;
    this.input = new IndexInput(channel);
  }

  /**
   * The file's index.
   *
   * @throws IndexFormatException when it is none, or of a kind whose vectors are not there exactly
   */
  Index parse() throws IOException {
    Index index = parse(0);
    if (input.remaining() != 0) {
      throw new IndexFormatException(
          "%d bytes are left behind the index".formatted(input.remaining()));
    }
    return index;
  }

  private Index parse(int depth) throws IOException {
    long start = input.position();
    String name = input.fourcc();
    if (depth > MAX_DEPTH) {
      throw new IndexFormatException("indexes nested more than " + MAX_DEPTH + " deep");
    }
    return switch (name) {
      case "IxF2", "IxFI", "IxFl" -> flat(header(), Float.BYTES);
      case "IBxF" -> flat(binaryHeader(), 1);
      case "IxMp", "IxM2" -> mapped(header(), depth);
      case "IBMp", "IBM2" -> mapped(binaryHeader(), depth);
      case "IwFl" -> inverted(header(), depth);
      case "IBwF" -> inverted(binaryHeader(), depth);
      case "IHNf" -> graph(header(), depth);
      case "IBHf" -> graph(binaryHeader(), depth);
      default ->
          throw new IndexFormatException(
              REFUSED.containsKey(name)
                  ? "it holds an %s; read are IndexFlat, IndexIVFFlat, IndexHNSWFlat, their binary forms, and IndexIDMap of them"
                      .formatted(REFUSED.get(name))
                  : "no kind of index that is read begins with the bytes at %d".formatted(start));
    };
  }

  private Header header() throws IOException {
    int dimension = input.int32();
    long count = input.int64();
    input.skip(2, Long.BYTES, "header");
    input.skip(1, 1, "header"); // is_trained
    int metric = input.int32();
    if (metric > 1) {
      input.skip(1, Float.BYTES, "header");
    }
    if (dimension <= 0 || dimension > Integer.MAX_VALUE / Float.BYTES || count < 0) {
      throw new IndexFormatException(
          "a header with dimension %d and %d vectors".formatted(dimension, count));
    }
    String name = METRICS.getOrDefault(metric, "METRIC_" + metric);
    return new Header(dimension, dimension * Float.BYTES, count, false, name);
  }

  private Header binaryHeader() throws IOException {
    int dimension = input.int32();
    int codeSize = input.int32();
    long count = input.int64();
    input.skip(1, 1, "header");
    input.skip(1, Integer.BYTES, "header"); // the metric: always Hamming's distance
    if (dimension <= 0 || dimension % 8 != 0 || codeSize != dimension / 8 || count < 0) {
      throw new IndexFormatException(
          "a header with %d bits in %d bytes and %d vectors".formatted(dimension, codeSize, count));
    }
    return new Header(dimension, codeSize, count, true, "HAMMING");
  }

  private static Index index(Header header, IndexRows rows) throws IOException {
    if (rows.count() != header.count()) {
      throw new IndexFormatException(
          "%d vectors, but the header says %d".formatted(rows.count(), header.count()));
    }
    return new Index(header.dimension(), header.binary(), header.metric(), rows);
  }

  private Index flat(Header header, int itemBytes) throws IOException {
    long items = input.int64();
    long perVector = header.codeSize() / itemBytes;
    if (items < 0 || items % perVector != 0) {
      throw new IndexFormatException(
          "%s elements, which are no vectors of %d"
              .formatted(Long.toUnsignedString(items), perVector));
    }
    long position = input.skip(items, itemBytes, "vectors");
    long count = items / perVector;
    return index(header, new IndexRows.Flat(channel, position, count, header.codeSize()));
  }

  private Index inner(Header outer, int depth) throws IOException {
    Index inner = parse(depth + 1);
    if (inner.dimension() != outer.dimension() || inner.binary() != outer.binary()) {
      throw new IndexFormatException(
          "an index of dimension %d holds one of dimension %d"
              .formatted(outer.dimension(), inner.dimension()));
    }
    return inner;
  }

  private Index mapped(Header header, int depth) throws IOException {
    Index inner = inner(header, depth);
    long ids = input.int64();
    if (ids != inner.rows().count()) {
      throw new IndexFormatException(
          "%s ids for %d vectors".formatted(Long.toUnsignedString(ids), inner.rows().count()));
    }
    long position = input.skip(ids, Long.BYTES, "ids");
    return index(header, new IndexRows.Mapped(channel, inner.rows(), position));
  }

  private Index inverted(Header header, int depth) throws IOException {
    long lists = input.int64();
    input.skip(1, Long.BYTES, "nprobe");
    Index quantizer = inner(header, depth);
    if (quantizer.rows().count() != lists) {
      throw new IndexFormatException(
          "%s inverted lists with %d centroids"
              .formatted(Long.toUnsignedString(lists), quantizer.rows().count()));
    }
    int directMap = input.uint8();
    input.skipVector(Long.BYTES, "direct map");
    if (directMap == 2) {
      input.skipVector(2 * Long.BYTES, "direct map");
    } else if (directMap > 2) {
      throw new IndexFormatException("a direct map of the unknown type " + directMap);
    }
    String form = input.fourcc();
    return switch (form) {
      case "ilar" -> index(header, InvertedLists.parse(input, channel, header.codeSize(), lists));
      case "il00" -> throw new IndexFormatException("it was written without its inverted lists");
      case "ilod" ->
          throw new IndexFormatException(
              "its inverted lists are in another file (OnDiskInvertedLists); write the index with"
                  + " ArrayInvertedLists");
      default -> throw new IndexFormatException("inverted lists of an unknown form");
    };
  }

  private Index graph(Header header, int depth) throws IOException {
    input.skipVector(Double.BYTES, "assign_probas");
    input.skipVector(Integer.BYTES, "cum_nneighbor_per_level");
    input.skipVector(Integer.BYTES, "levels");
    input.skipVector(Long.BYTES, "offsets");
    input.skipVector(Integer.BYTES, "neighbors");
    input.skip(5, Integer.BYTES, "the graph's parameters");
    return index(header, inner(header, depth).rows());
  }
}
