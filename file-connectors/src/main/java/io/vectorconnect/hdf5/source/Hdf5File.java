package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.FileRow;
import io.vectorconnect.files.RowFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** One HDF5 file whose datasets are columns. */
final class Hdf5File implements RowFile {
  private final HdfHandle file;
  private final Hdf5Columns columns;
  private final Schema keySchema;
  private final Schema valueSchema;
  private final int rowsPerRead;

  private Hdf5File(HdfHandle file, Hdf5Columns columns, Hdf5SourceConfig config) {
    this.file = file;
    this.columns = columns;
    String topic = config.files().topic(file.path());
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
    return HdfHandle.open(
        path,
        config.maxChunkBytes(),
        file -> new Hdf5File(file, new Hdf5Columns.Finder(file, config).find(), config));
  }

  @Override
  public long rows() {
    return columns.rows();
  }

  @Override
  public Optional<Ids> ids() {
    Column ids = columns.ids();
    return ids == null
        ? Optional.empty()
        : Optional.of((first, count) -> file.read(ids, first, count));
  }

  @Override
  public List<FileRow> read(long first) {
    int count = (int) Math.min(rowsPerRead, rows() - first);
    List<Object[]> cells = new ArrayList<>();
    for (Column column : columns.columns()) {
      cells.add(file.read(column, first, count));
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

  @Override
  public void close() {
    file.close();
  }
}
