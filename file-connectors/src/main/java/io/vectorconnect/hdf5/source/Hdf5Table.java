package io.vectorconnect.hdf5.source;

import io.vectorconnect.hdf5.format.StoredDataset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** 1-d datasets of equal length as a table with whole numbers as keys; used by one thread. */
public final class Hdf5Table implements AutoCloseable {
  private final HdfHandle file;
  private final long rows;
  private final Column ids;
  private final List<Column> columns;

  private Hdf5Table(HdfHandle file, long rows, Column ids, List<Column> columns) {
    this.file = file;
    this.rows = rows;
    this.ids = ids;
    this.columns = columns;
  }

  /**
   * Opens a file.
   *
   * @param idsKey the configuration key that names the dataset of ids
   * @param fieldsKey the one that names those of fields
   * @param fields their paths; none for all in the group of the ids that have their length
   * @throws FileProblem when the file is damaged, or a dataset is not there or not of these types
   */
  public static Hdf5Table open(
      Path path, String idsKey, String ids, String fieldsKey, List<String> fields) {
    return HdfHandle.open(
        path,
        Hdf5SourceConfig.DEFAULT_MAX_CHUNK,
        file -> {
          Datasets datasets = new Datasets(file);
          StoredDataset idSet = datasets.require(idsKey, ids, 1);
          long rows = idSet.extents()[0];
          Column idColumn = datasets.column(idsKey, idSet, idSet, set -> key(file, set));
          Datasets.Fields wanted =
              new Datasets.Fields(
                  fieldsKey, fields, set -> false, "; list the fields to read in " + fieldsKey);
          List<Column> columns =
              datasets.fields(wanted, idSet, Optional.of(idSet), set -> Column.field(file, set));
          return new Hdf5Table(file, rows, idColumn, columns);
        });
  }

  private static Column key(HdfHandle file, StoredDataset dataset) {
    Column key = Column.field(file, dataset).asKey();
    if (key.decoder().schema().type() != Schema.Type.INT64) {
      throw new DataException("expected whole numbers");
    }
    return key;
  }

  /** How many rows each dataset has. */
  public long rows() {
    return rows;
  }

  /** The types of the fields by name, without the ids. */
  public Map<String, Schema> fields() {
    Map<String, Schema> fields = new LinkedHashMap<>();
    columns.forEach(column -> fields.put(column.name(), column.decoder().schema()));
    return fields;
  }

  /** How many bytes a row takes; strings of variable length count as their references. */
  public long rowBytes() {
    return columns.stream().mapToLong(Column::rowBytes).sum() + ids.rowBytes();
  }

  /** The ids of some rows. */
  public long[] ids(long first, int count) {
    Object[] values = file.read(ids, first, count);
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (long) values[i];
    }
    return numbers;
  }

  /** The fields of one row. */
  public Object[] row(long row) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = file.read(columns.get(i), row, 1)[0];
    }
    return values;
  }

  @Override
  public void close() {
    file.close();
  }
}
