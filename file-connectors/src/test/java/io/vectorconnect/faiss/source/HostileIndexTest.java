package io.vectorconnect.faiss.source;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.Fixtures;
import io.vectorconnect.files.RowFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Damaged files end in rows or in a told problem; never in another error, nor in much memory. */
class HostileIndexTest {
  private static final List<String> FILES =
      List.of(
          "flat_l1",
          "idmap2",
          "ivf",
          "ivf_sparse",
          "ivf_direct_map",
          "hnsw",
          "binary_ivf",
          "sq_6bit_7",
          "ivfsq_8bit_residual",
          "pq_5",
          "ivfpq_hnsw_residual",
          "refine_flat");

  @Property(tries = 2000)
  void flippedBytes(
      @ForAll @IntRange(max = 11) int file,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 100_000) Integer> places,
      @ForAll byte flip)
      throws IOException {
    byte[] bytes = bytes(file);
    for (int place : places) {
      bytes[place % bytes.length] ^= flip;
    }
    read(bytes);
  }

  @Property(tries = 2000)
  void hostileLengths(
      @ForAll @IntRange(max = 11) int file,
      @ForAll @IntRange(max = 100_000) int place,
      @ForAll long length)
      throws IOException {
    byte[] bytes = bytes(file);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(place % (bytes.length - Long.BYTES), length);
    read(bytes);
  }

  @Property(tries = 500)
  void truncated(@ForAll @IntRange(max = 11) int file, @ForAll @IntRange(max = 100_000) int place)
      throws IOException {
    byte[] bytes = bytes(file);
    read(Arrays.copyOf(bytes, place % bytes.length));
  }

  private static byte[] bytes(int file) throws IOException {
    return Files.readAllBytes(Fixtures.file("faiss/" + FILES.get(file) + ".faiss"));
  }

  private static void read(byte[] bytes) throws IOException {
    Path path = Files.createTempFile("hostile", ".faiss");
    try {
      Files.write(path, bytes);
      var config =
          new FaissSourceConfig(
              Map.of(
                  "file.path",
                  path.toString(),
                  "batch.max.rows",
                  "3",
                  "lossy.reconstruct",
                  "true"));
      try (RowFile file = new FaissFormat(config).open(path)) {
        long row = 0;
        while (row < file.rows()) {
          row += file.read(row).size();
        }
      }
    } catch (FileProblem e) {
      // the file is told to be damaged
    } finally {
      Files.delete(path);
    }
  }
}
