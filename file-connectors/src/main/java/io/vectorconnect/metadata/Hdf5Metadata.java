package io.vectorconnect.metadata;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.hdf5.source.Hdf5Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** A file with 1-d datasets of equal length. */
final class Hdf5Metadata extends Metadata {
  private static final int IDS_PER_READ = 10_000;

  private final MetadataKeys keys;
  private final Map<String, Schema> fields = new LinkedHashMap<>();
  private final long rowBytes;

  private Hdf5Metadata(Path path, Stamp stamp, IdIndex index, MetadataKeys keys, Hdf5Table table) {
    super(path, stamp, index);
    this.keys = keys;
    this.rowBytes = table.rowBytes();
    table.fields().forEach((name, schema) -> fields.put(name, optional(schema)));
  }

  /** Every field may be null: not every vector need have metadata. */
  private static Schema optional(Schema schema) {
    return new SchemaBuilder(schema.type()).name(schema.name()).optional().build();
  }

  static Metadata of(Path path, MetadataKeys keys) {
    try {
      Stamp stamp = Stamp.of(path);
      try (Hdf5Table table = table(path, keys)) {
        if (table.rows() > keys.maxRows()) {
          throw new FileProblem(
              MetadataKeys.MAX_ROWS,
              "File %s has %d rows, but %s is %d; raise it, and the heap with it"
                  .formatted(path, table.rows(), MetadataKeys.MAX_ROWS, keys.maxRows()));
        }
        return new Hdf5Metadata(path, stamp, index(path, table), keys, table);
      }
    } catch (IOException e) {
      throw new FileProblem(MetadataKeys.FILE, "File %s cannot be read: %s".formatted(path, e), e);
    }
  }

  private static Hdf5Table table(Path path, MetadataKeys keys) {
    return Hdf5Table.open(
        path, MetadataKeys.ID_FIELD, keys.idField(), MetadataKeys.FIELDS, keys.fields());
  }

  private static IdIndex index(Path path, Hdf5Table table) {
    IdIndex index = new IdIndex();
    for (long row = 0; row < table.rows(); ) {
      int count = (int) Math.min(IDS_PER_READ, table.rows() - row);
      for (long id : table.ids(row, count)) {
        if (!index.add(id, row++)) {
          throw new FileProblem(
              MetadataKeys.FILE,
              "File %s, row %d: the id of an earlier row once more".formatted(path, row - 1));
        }
      }
    }
    return index;
  }

  @Override
  public Map<String, Schema> fields() {
    return fields;
  }

  @Override
  public long rowBytes() {
    return rowBytes;
  }

  @Override
  Rows open() {
    Hdf5Table table = table(path(), keys);
    return new Rows() {
      @Override
      public Object[] read(long position) {
        return table.row(position);
      }

      @Override
      public void close() {
        table.close();
      }
    };
  }
}
