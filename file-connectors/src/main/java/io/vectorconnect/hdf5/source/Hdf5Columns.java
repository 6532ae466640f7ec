package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.hdf5.format.StoredDataset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;

/**
 * Which datasets of a file are the columns of its rows.
 *
 * @param rows the number of rows
 * @param columns all datasets: the ids, if there are any, the vectors, the fields
 * @param ids the dataset of primary keys, or null where the row number is the key
 * @param idName the primary key's field
 */
record Hdf5Columns(long rows, List<Column> columns, Column ids, String idName) {
  Schema idSchema() {
    return ids == null ? Schema.INT64_SCHEMA : ids.decoder().schema();
  }

  /** Looks them up in one file. */
  static final class Finder {
    private final HdfHandle file;
    private final Datasets datasets;
    private final Hdf5SourceConfig config;

    Finder(HdfHandle file, Hdf5SourceConfig config) {
      this.file = file;
      this.datasets = new Datasets(file);
      this.config = config;
    }

    /**
     * The columns.
     *
     * @throws FileProblem when a dataset is missing, or is not what it should be
     */
    Hdf5Columns find() {
      String key = Hdf5SourceConfig.EMBEDDINGS;
      String name = config.embeddings();
      StoredDataset vectors = datasets.require(key, name, 2);
      long rows = vectors.extents()[0];
      if (vectors.extents()[1] == 0) {
        throw datasets.problem(key, vectors, "vectors of dimension 0");
      }
      List<Column> columns = new ArrayList<>();
      Optional<StoredDataset> ids = ids();
      Column idColumn = ids.map(dataset -> idColumn(dataset, vectors)).orElse(null);
      if (idColumn != null) {
        columns.add(idColumn);
      }
      columns.add(datasets.column(key, vectors, vectors, set -> Column.vectors(file, set, config)));
      columns.addAll(
          datasets.fields(config.wanted(), vectors, ids, set -> Column.field(file, set)));
      String idName = idName(idColumn);
      checkNames(columns, idColumn, idName);
      return new Hdf5Columns(rows, columns, idColumn, idName);
    }

    private Optional<StoredDataset> ids() {
      if (config.ids().isEmpty()
          || (!config.isIdsRequired()
              && datasets.get(Hdf5SourceConfig.IDS, config.ids()).isEmpty())) {
        if (config.files().isTopicShared()) {
          throw new FileProblem(
              Hdf5SourceConfig.IDS,
              "File %s has no dataset of ids, and its row numbers would meet those of other files in one topic; leave topic empty, or add the ids"
                  .formatted(file.path()));
        }
        return Optional.empty();
      }
      return Optional.of(datasets.require(Hdf5SourceConfig.IDS, config.ids(), 1));
    }

    private Column idColumn(StoredDataset dataset, StoredDataset vectors) {
      return datasets.column(
          Hdf5SourceConfig.IDS, dataset, vectors, set -> Column.field(file, set).asKey());
    }

    private String idName(Column ids) {
      if (ids != null) {
        return ids.name();
      }
      return config.ids().isEmpty() ? "id" : config.ids();
    }

    private void checkNames(List<Column> columns, Column ids, String idName) {
      Set<String> names = new HashSet<>(Set.of(idName));
      for (Column column : columns) {
        if (!column.equals(ids) && !names.add(column.name())) {
          throw new FileProblem(
              Hdf5SourceConfig.FIELDS,
              "%s: there is already a field %s"
                  .formatted(datasets.where(column.path()), column.name()));
        }
      }
    }
  }
}
