package io.vectorconnect.hdf5.source;

import io.vectorconnect.hdf5.format.StoredDataset;
import java.io.IOException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * A dataset as one field of the rows.
 *
 * @param path where it stands in the file
 * @param name the field's name
 * @param rowBytes bytes of one row
 * @param decoder how a row becomes the field's value
 * @param source the raw rows
 */
public record Column(String path, String name, int rowBytes, CellDecoder decoder, RowBytes source) {

  /** A 1-d dataset. */
  static Column field(HdfHandle file, StoredDataset dataset) {
    CellDecoder decoder = Cells.of(dataset.type(), file.bytes());
    int size = dataset.type().getSize();
    return new Column(
        dataset.path(), dataset.name(), size, decoder, RowBytes.of(file, dataset, size));
  }

  /** A 1-d dataset of keys: whole numbers of any size as INT64, or strings. */
  Column asKey() {
    CellDecoder.Cell cell = decoder.cell();
    return switch (decoder.schema().type()) {
      case INT8, INT16, INT32 ->
          withDecoder(
              new CellDecoder(
                  Schema.INT64_SCHEMA, (rows, at) -> ((Number) cell.get(rows, at)).longValue()));
      case INT64, STRING -> this;
      default -> throw new DataException("expected whole numbers or strings");
    };
  }

  private Column withDecoder(CellDecoder other) {
    return new Column(path, name, rowBytes, other, source);
  }

  /** The 2-d dataset of vectors. */
  static Column vectors(HdfHandle file, StoredDataset dataset, Hdf5SourceConfig config) {
    int columns = Math.toIntExact(dataset.extents()[1]);
    CellDecoder decoder = VectorCells.of(dataset.type(), columns, config);
    int rowBytes = Math.multiplyExact(columns, dataset.type().getSize());
    return new Column(
        dataset.path(), dataset.name(), rowBytes, decoder, RowBytes.of(file, dataset, rowBytes));
  }

  /** The values of some rows. */
  Object[] read(long first, int count) throws IOException {
    byte[] rows = source.read(first, count);
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      try {
        values[i] = decoder.cell().get(rows, i * rowBytes);
      } catch (DataException e) {
        throw new DataException("row %d: %s".formatted(first + i, e.getMessage()), e);
      }
    }
    return values;
  }
}
