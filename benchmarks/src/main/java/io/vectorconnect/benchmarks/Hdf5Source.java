package io.vectorconnect.benchmarks;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.hdf5.source.Hdf5SourceConnector;
import io.vectorconnect.localstack.Component;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The HDF5 source's task, whose records are counted, beside a bare FileChannel loop over the bytes
 * of the same dataset, and jHDF's own slices of it.
 */
final class Hdf5Source implements Benchmark {
  private static final int READ = 4 << 20;

  @Override
  public String name() {
    return "hdf5-source";
  }

  @Override
  public Set<Component> services() {
    return Set.of();
  }

  @Override
  public List<String> connectors() {
    return List.of();
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    Path file = Files.createTempFile("benchmark", ".h5");
    write(file, options);
    return new Rounds() {
      @Override
      public Duration raw(int round) throws IOException {
        long begin = System.nanoTime();
        readBytes(file, options);
        return Duration.ofNanos(System.nanoTime() - begin);
      }

      @Override
      public Optional<Duration> vendor(int round) {
        long begin = System.nanoTime();
        int rows = readByJhdf(file, options);
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        if (rows != options.rows()) {
          throw new IllegalStateException("jHDF read %,d rows".formatted(rows));
        }
        return Optional.of(time);
      }

      @Override
      public Duration ours(int round) throws Exception {
        return new SourceRun(new Hdf5SourceConnector()).time(config(file, options), options.rows());
      }

      @Override
      public void close() {
        try {
          Files.delete(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static void write(Path file, Options options) {
    VectorRows rows = new VectorRows(options.dimension());
    float[][] embeddings = new float[options.rows()][options.dimension()];
    long[] ids = new long[options.rows()];
    int[] years = new int[options.rows()];
    String[] labels = new String[options.rows()];
    for (int i = 0; i < options.rows(); i++) {
      VectorRows.Row row = rows.row(i);
      ids[i] = row.id();
      years[i] = row.year();
      labels[i] = row.label();
      for (int e = 0; e < options.dimension(); e++) {
        embeddings[i][e] = LittleEndian.getFloat(row.embedding(), e * Float.BYTES);
      }
    }
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("ids", ids);
      hdf.putDataset("embeddings", embeddings);
      hdf.putDataset("label", labels);
      hdf.putDataset("year", years);
    }
  }

  /** Where the vectors stand by jHDF, and then their bytes through one buffer. */
  private static void readBytes(Path file, Options options) throws IOException {
    long position;
    try (HdfFile hdf = new HdfFile(file)) {
      position = ((ContiguousDataset) hdf.getDatasetByPath("embeddings")).getDataAddress();
    }
    long left = (long) options.rows() * options.dimension() * Float.BYTES;
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ);
    try (FileChannel channel = FileChannel.open(file)) {
      while (left > 0) {
        buffer.clear().limit((int) Math.min(READ, left));
        int read = channel.read(buffer, position);
        if (read < 0) {
          throw new EOFException();
        }
        position += read;
        left -= read;
      }
    }
  }

  /** Slices of the same size as arrays of float, as jHDF's users read them. */
  private static int readByJhdf(Path file, Options options) {
    int slice = Math.max(1, READ / (options.dimension() * Float.BYTES));
    int rows = 0;
    try (HdfFile hdf = new HdfFile(file)) {
      Dataset embeddings = hdf.getDatasetByPath("embeddings");
      while (rows < options.rows()) {
        int count = Math.min(slice, options.rows() - rows);
        Object data =
            embeddings.getData(new long[] {rows, 0}, new int[] {count, options.dimension()});
        rows += ((float[][]) data).length;
      }
    }
    return rows;
  }

  private static Map<String, String> config(Path file, Options options) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "hdf5-source");
    config.put("file.path", file.toString());
    config.put("topic", "benchmark");
    config.putAll(options.config());
    return config;
  }
}
