package io.vectorconnect.hdf5.source;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Damaged files end in rows or in a told problem: never in another error, in memory used up, or in
 * no end. The files are those that h5py wrote.
 */
class HostileHdf5Test {
  private static final List<String> FILES =
      List.of(
          "hdf5/f32_contiguous",
          "hdf5/f16_chunked",
          "hdf5/int8_gzip",
          "hdf5/f64_exact",
          "hdf5/fields",
          "hdf5/f32_big_endian_gzip",
          "hdf5/v110_userblock",
          "hdf5/unwritten_chunks",
          "hdf5/bits",
          "hdf5-kinds/layouts_v200",
          "hdf5-kinds/vectors_tree_gzip_v200",
          "hdf5-kinds/vectors_extensible_v110",
          "hdf5-kinds/mask_fixed_v200",
          "hdf5-kinds/strings",
          "hdf5-kinds/links_v200",
          "hdf5-kinds/many_links_v200_ordered",
          "hdf5-kinds/filter_lzf_fletcher_noise",
          "hdf5-kinds/filter_bitshuffle_lz4_noise",
          "hdf5-kinds/filter_lz4_noise");

  @Property(tries = 1200)
  void flippedBytes(
      @ForAll @IntRange(max = 18) int file,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 100_000) Integer> places,
      @ForAll byte flip)
      throws Exception {
    byte[] bytes = bytes(file);
    for (int place : places) {
      bytes[place % bytes.length] ^= flip;
    }
    read(bytes);
  }

  @Property(tries = 1200)
  void hostileLengths(
      @ForAll @IntRange(max = 18) int file,
      @ForAll @IntRange(max = 100_000) int place,
      @ForAll @IntRange(min = 1, max = 8) int size,
      @ForAll long length)
      throws Exception {
    byte[] bytes = bytes(file);
    byte[] number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    System.arraycopy(number, 0, bytes, place % (bytes.length - size), size);
    read(bytes);
  }

  @Property(tries = 300)
  void truncated(@ForAll @IntRange(max = 18) int file, @ForAll @IntRange(max = 100_000) int place)
      throws Exception {
    byte[] bytes = bytes(file);
    read(Arrays.copyOf(bytes, place % bytes.length));
  }

  private static byte[] bytes(int file) throws IOException {
    return Files.readAllBytes(Fixtures.file(FILES.get(file) + ".h5"));
  }

  private static void read(byte[] bytes) throws Exception {
    Path path = Files.createTempFile("hostile", ".h5");
    Files.write(path, bytes);
    CompletableFuture<Void> reading = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                rows(path);
                reading.complete(null);
              } catch (Throwable e) {
                reading.completeExceptionally(e);
              }
            });
    reader.start();
    try {
      reading.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOf(FileProblem.class)
          .hasMessageContaining(path.getFileName().toString());
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        assertThat(cause).isNotInstanceOf(VirtualMachineError.class);
      }
    } catch (TimeoutException e) {
      throw new AssertionError("no end: " + Arrays.toString(reader.getStackTrace()), e);
    } finally {
      Files.delete(path);
    }
  }

  private static void rows(Path path) {
    var config =
        new Hdf5SourceConfig(
            Map.of("file.path", path.toString(), "batch.max.rows", "5", "vector.bits", "true"));
    try (RowFile file = Hdf5File.open(path, config)) {
      long row = 0;
      for (int read = 0; row < file.rows() && read < 100; read++) { // of millions, perhaps
        row += file.read(row).size();
      }
      if (file.rows() > 0) {
        assertThat(file.read(file.rows() - 1)).hasSize(1);
      }
    }
  }
}
