package io.vectorconnect.faiss.source;

import io.vectorconnect.data.VectorType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Finds the vectors in an index file. The layouts are those of faiss/impl/index_write.cpp: a name
 * of four characters, a header, and the parts of that index, often further indexes.
 */
final class IndexParser {
  /**
   * An index.
   *
   * @param metric as vector databases call it
   * @param lossy the kind of index that holds codes instead of the vectors, if one does
   */
  record Index(String metric, IndexRows rows, Optional<String> lossy) {
    int dimension() {
      return rows.codec().dimension();
    }
  }

  /** Indexes hold indexes: as deep as Faiss's own factory ever nests them. */
  private static final int MAX_DEPTH = 8;

  private final FileChannel channel;
  private final IndexInput input;

  IndexParser(FileChannel channel) throws IOException {
    this.channel = channel;
    this.input = new IndexInput(channel);
  }

  /**
   * The file's index.
   *
   * @throws IndexFormatException when it is none, or of a kind that is not read
   */
  Index parse() throws IOException {
    Index index = parse(0);
    if (input.remaining() != 0) {
      throw new IndexFormatException(
          "%d bytes are left behind the index".formatted(input.remaining()));
    }
    index.rows().requireReadable();
    return index;
  }

  private Index parse(int depth) throws IOException {
    long start = input.position();
    String name = input.fourcc();
    if (depth > MAX_DEPTH) {
      throw new IndexFormatException("indexes nested more than " + MAX_DEPTH + " deep");
    }
    return switch (name) {
      case "IxF2", "IxFI", "IxFl" -> flatFloats(IndexHeader.parse(input));
      case "IBxF" -> flatBits(IndexHeader.parseBinary(input));
      case "IxSQ" -> scalar(IndexHeader.parse(input));
      case "IxPq", "IxPo", "IxPQ" -> product(IndexHeader.parse(input), name);
      case "IxMp", "IxM2" -> mapped(IndexHeader.parse(input), depth);
      case "IBMp", "IBM2" -> mapped(IndexHeader.parseBinaryMap(input), depth);
      case "IwFl" -> inverted(IndexHeader.parse(input), depth, name);
      case "IwSq", "IwSQ", "IwPQ" -> inverted(IndexHeader.parse(input), depth, name);
      case "IBwF" -> inverted(IndexHeader.parseBinary(input), depth, name);
      case "IHNf", "IHNs", "IHNp", "IH00" -> graph(IndexHeader.parse(input), depth);
      case "IBHf" -> graph(IndexHeader.parseBinary(input), depth);
      case "INSf", "INSp", "INSs" -> navigatingGraph(IndexHeader.parse(input), depth);
      case "IxPT" -> transformed(IndexHeader.parse(input), depth);
      case "IxRF" -> refined(IndexHeader.parse(input), depth);
      default -> throw RefusedIndexes.refusal(name, start);
    };
  }

  private static Index index(IndexHeader header, IndexRows rows, String kind) throws IOException {
    Optional<String> lossy = rows.codec().isExact() ? Optional.empty() : Optional.of(kind);
    return index(header, rows, lossy);
  }

  private static Index index(IndexHeader header, IndexRows rows, Optional<String> lossy)
      throws IOException {
    if (rows.count() != header.count()) {
      throw new IndexFormatException(
          "%d vectors, but the header says %d".formatted(rows.count(), header.count()));
    }
    return new Index(header.metric(), rows, lossy);
  }

  private Index flatFloats(IndexHeader header) throws IOException {
    return flat(header, header.plain(), Float.BYTES, "IndexFlat");
  }

  private Index flatBits(IndexHeader header) throws IOException {
    return flat(header, header.plain(), 1, "IndexBinaryFlat");
  }

  private Index scalar(IndexHeader header) throws IOException {
    VectorCodec codec = ScalarCodec.parse(input, header);
    return flat(header, codec, 1, "IndexScalarQuantizer");
  }

  private Index product(IndexHeader header, String name) throws IOException {
    Index index = flat(header, ProductCodec.parse(input, header), 1, "IndexPQ");
    if (!name.equals("IxPQ")) {
      input.skip(1, Integer.BYTES, "search_type");
      input.skip(1, 1, "encode_signs");
      input.skip(1, Integer.BYTES, "polysemous_ht");
    }
    return index;
  }

  /** A vector of codes with its length before it, counted in items of some bytes. */
  private Index flat(IndexHeader header, VectorCodec codec, int itemBytes, String kind)
      throws IOException {
    long items = input.int64();
    long perVector = codec.codeSize() / itemBytes;
    if (items < 0 || items % perVector != 0) {
      throw new IndexFormatException(
          "%s elements, which are no vectors of %d"
              .formatted(Long.toUnsignedString(items), perVector));
    }
    long position = input.skip(items, itemBytes, "vectors");
    return index(header, new IndexRows.Flat(channel, position, items / perVector, codec), kind);
  }

  private Index inner(IndexHeader outer, int depth) throws IOException {
    Index inner = parse(depth + 1);
    boolean binary = inner.rows().codec().type() == VectorType.BINARY;
    if (inner.dimension() != outer.dimension() || binary != outer.binary()) {
      throw new IndexFormatException(
          "an index of dimension %d holds one of dimension %d"
              .formatted(outer.dimension(), inner.dimension()));
    }
    return inner;
  }

  private Index mapped(IndexHeader header, int depth) throws IOException {
    Index inner = inner(header, depth);
    long ids = input.int64();
    if (ids != inner.rows().count()) {
      throw new IndexFormatException(
          "%s ids for %d vectors".formatted(Long.toUnsignedString(ids), inner.rows().count()));
    }
    long position = input.skip(ids, Long.BYTES, "ids");
    return index(header, new IndexRows.Mapped(channel, inner.rows(), position), inner.lossy());
  }

  /** An index to search, and the vectors once more, better, to sort what it finds. */
  private Index refined(IndexHeader header, int depth) throws IOException {
    Index base = inner(header, depth);
    Index refine = inner(header, depth);
    input.skip(1, Float.BYTES, "k_factor");
    if (base.rows().count() != refine.rows().count() || refine.rows().hasIds()) {
      throw new IndexFormatException(
          "an IndexRefine of %d vectors, and %d without ids to refine them"
              .formatted(base.rows().count(), refine.rows().count()));
    }
    return index(header, refine.rows(), refine.lossy());
  }

  private Index inverted(IndexHeader header, int depth, String name) throws IOException {
    long lists = input.int64();
    input.skip(1, Long.BYTES, "nprobe");
    Index quantizer = quantizer(header, depth);
    if (quantizer.rows().count() != lists) {
      throw new IndexFormatException(
          "%s inverted lists with %d centroids"
              .formatted(Long.toUnsignedString(lists), quantizer.rows().count()));
    }
    skipDirectMap();
    return switch (name) {
      case "IwSq", "IwSQ" -> {
        VectorCodec codec = ScalarCodec.parse(input, header);
        input.skip(1, Long.BYTES, "code_size");
        boolean residual = name.equals("IwSQ") || input.uint8() != 0;
        yield lists(header, codec, quantizer, residual, "IndexIVFScalarQuantizer");
      }
      case "IwPQ" -> {
        boolean residual = input.uint8() != 0;
        input.skip(1, Long.BYTES, "code_size");
        VectorCodec codec = ProductCodec.parse(input, header);
        yield lists(header, codec, quantizer, residual, "IndexIVFPQ");
      }
      default -> lists(header, header.plain(), quantizer, false, "IndexIVFFlat");
    };
  }

  private Index quantizer(IndexHeader header, int depth) throws IOException {
    long start = input.position();
    if (!input.fourcc().equals("Imiq")) {
      input.seek(start);
      return inner(header, depth);
    }
    IndexHeader own = IndexHeader.parse(input);
    ProductCodec codec = ProductCodec.parse(input, own);
    if (own.dimension() != header.dimension() || (long) codec.parts() * codec.bits() > 40) {
      throw new IndexFormatException(
          "a MultiIndexQuantizer of dimension %d in %d parts of %d bits"
              .formatted(own.dimension(), codec.parts(), codec.bits()));
    }
    return new Index(header.metric(), new IndexRows.Combinations(codec), Optional.empty());
  }

  private void skipDirectMap() throws IOException {
    int type = input.uint8();
    input.skipVector(Long.BYTES, "direct map");
    if (type == 2) {
      input.skipVector(2 * Long.BYTES, "direct map");
    } else if (type > 2) {
      throw new IndexFormatException("a direct map of the unknown type " + type);
    }
  }

  private Index lists(
      IndexHeader header, VectorCodec codec, Index quantizer, boolean residual, String kind)
      throws IOException {
    String form = input.fourcc();
    if (!form.equals("ilar")) {
      throw RefusedIndexes.lists(form);
    }
    long lists = quantizer.rows().count();
    if (!residual) {
      return index(
          header, InvertedLists.parse(input, channel, codec, lists, Optional.empty()), kind);
    }
    Optional<Centroids> centroids = Optional.of(new Centroids(quantizer.rows()));
    IndexRows rows = InvertedLists.parse(input, channel, codec.asFloats(), lists, centroids);
    return index(header, rows, Optional.of(kind)); // a sum of two, which was rounded
  }

  /** A graph in which each row has a list of neighbors that ends with -1. */
  private Index navigatingGraph(IndexHeader header, int depth) throws IOException {
    input.skip(1, Integer.BYTES + 1 + 4 * Integer.BYTES, "the parameters of an NSG");
    int count = input.int32();
    input.skip(5, Integer.BYTES, "the parameters of an NSG");
    boolean built = input.uint8() != 0;
    for (int lists = 0; built && lists < count; ) {
      if (input.int32() == -1) {
        lists++;
      }
    }
    Index storage = inner(header, depth);
    return index(header, storage.rows(), storage.lossy());
  }

  private Index transformed(IndexHeader header, int depth) throws IOException {
    Transforms.skip(input);
    Index inner = parse(depth + 1);
    IndexRows rows = new IndexRows.Transformed(inner.rows(), header.plain());
    return index(header, rows, Optional.of("IndexPreTransform"));
  }

  private Index graph(IndexHeader header, int depth) throws IOException {
    input.skipVector(Double.BYTES, "assign_probas");
    input.skipVector(Integer.BYTES, "cum_nneighbor_per_level");
    input.skipVector(Integer.BYTES, "levels");
    input.skipVector(Long.BYTES, "offsets");
    input.skipVector(Integer.BYTES, "neighbors");
    input.skip(5, Integer.BYTES, "the graph's parameters");
    Index storage = inner(header, depth);
    return index(header, storage.rows(), storage.lossy());
  }
}
