package io.vectorconnect.hdf5.source;

import io.jhdf.HdfFile;
import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.FileRow;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.files.RowFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HDF5 file whose datasets are columns. */
final class Hdf5File implements RowFile {
  private static final Logger log = LoggerFactory.getLogger(Hdf5File.class);

  private final Path path;
  private final HdfFile hdf;
  private final FileChannel channel;
  private final Hdf5Columns columns;
  private final Schema keySchema;
  private final Schema valueSchema;
  private final int rowsPerRead;

  private Hdf5File(
      Path path, HdfFile hdf, FileChannel channel, Hdf5Columns columns, Hdf5SourceConfig config) {
    this.path = path;
    this.hdf = hdf;
    this.channel = channel;
    this.columns = columns;
    String topic = config.files().topic(path);
    this.keySchema =
        SchemaBuilder.struct()
            .name(topic + ".Key")
            .field(columns.idName(), columns.idSchema())
            .build();
    SchemaBuilder value =
        SchemaBuilder.struct().name(topic + ".Value").field(columns.idName(), columns.idSchema());
    long rowBytes = 0;
    for (Column column : columns.columns()) {
      if (!column.equals(columns.ids())) {
        value.field(column.name(), column.decoder().schema());
      }
      rowBytes += column.rowBytes();
    }
    this.valueSchema = value.build();
    this.rowsPerRead = config.files().rowsPerRead(rowBytes);
  }

  /**
   * Opens a file.
   *
   * @throws FileProblem when it is no HDF5 file, or does not have the datasets as configured
   */
  static Hdf5File open(Path path, Hdf5SourceConfig config) {
    HdfFile hdf = null;
    FileChannel channel = null;
    try {
      hdf = new HdfFile(path);
      channel = FileChannel.open(path);
      long end = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
      if (end > channel.size()) {
        throw new FileProblem(
            FileSourceKeys.PATH,
            "File %s is truncated: it has %d bytes, expected %d"
                .formatted(path, channel.size(), end));
      }
      Hdf5Columns columns = new Hdf5Columns.Finder(path, hdf, channel, config).find();
      return new Hdf5File(path, hdf, channel, columns, config);
    } catch (FileProblem e) {
      close(hdf, channel);
      throw e;
    } catch (RuntimeException | IOException | OutOfMemoryError e) {
      // jHDF takes memory by lengths in the file: one damaged length asks for more than there is.
      close(hdf, channel);
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s cannot be read as HDF5, or is damaged: %s".formatted(path, e),
          e);
    }
  }

  @Override
  public long rows() {
    return columns.rows();
  }

  @Override
  public List<FileRow> read(long first) {
    int count = (int) Math.min(rowsPerRead, rows() - first);
    List<Object[]> cells = new ArrayList<>();
    for (Column column : columns.columns()) {
      cells.add(read(column, first, count));
    }
    int idColumn = columns.columns().indexOf(columns.ids());
    List<FileRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Object id = idColumn < 0 ? Long.valueOf(first + i) : cells.get(idColumn)[i];
      Struct value = new Struct(valueSchema).put(valueSchema.fields().get(0), id);
      int field = 1;
      for (int c = 0; c < cells.size(); c++) {
        if (c != idColumn) {
          value.put(valueSchema.fields().get(field++), cells.get(c)[i]);
        }
      }
      rows.add(new FileRow(new Struct(keySchema).put(keySchema.fields().get(0), id), value));
    }
    return rows;
  }

  private Object[] read(Column column, long first, int count) {
    try {
      return column.read(first, count);
    } catch (DataException e) {
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s, dataset %s, %s".formatted(path, column.path(), e.getMessage()),
          e);
    } catch (RuntimeException | IOException | InternalError | OutOfMemoryError e) {
      // An InternalError is how a mapped file says that it was cut short; for memory see open.
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s, dataset %s, rows %d to %d cannot be read; the file is damaged, or being written: %s"
              .formatted(path, column.path(), first, first + count - 1, e),
          e);
    }
  }

  @Override
  public void close() {
    close(hdf, channel);
  }

  private static void close(HdfFile hdf, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
      if (hdf != null) {
        hdf.close();
      }
    } catch (IOException | RuntimeException e) {
      log.warn("Closing a file failed: {}", e.toString());
    }
  }
}
