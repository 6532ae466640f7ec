package io.vectorconnect.hdf5.source;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.vectorconnect.files.FileProblem;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    private final Path path;
    private final HdfFile hdf;
    private final FileChannel channel;
    private final Hdf5SourceConfig config;

    Finder(Path path, HdfFile hdf, FileChannel channel, Hdf5SourceConfig config) {
      this.path = path;
      this.hdf = hdf;
      this.channel = channel;
      this.config = config;
    }

    /**
     * The columns.
     *
     * @throws FileProblem when a dataset is missing, or is not what it should be
     */
    Hdf5Columns find() {
      Dataset vectors = require(Hdf5SourceConfig.EMBEDDINGS, config.embeddings());
      checkRank(Hdf5SourceConfig.EMBEDDINGS, vectors, 2);
      long rows = vectors.getDimensionsAsLong()[0];
      String key = Hdf5SourceConfig.EMBEDDINGS;
      if (vectors.getDimensionsAsLong()[1] == 0) {
        throw problem(key, vectors, "vectors of dimension 0");
      }
      List<Column> columns = new ArrayList<>();
      Optional<Dataset> ids = ids();
      Column idColumn = ids.map(dataset -> idColumn(dataset, rows)).orElse(null);
      if (idColumn != null) {
        columns.add(idColumn);
      }
      columns.add(column(key, vectors, rows, set -> Column.vectors(hdf, channel, set, config)));
      for (Dataset field : fields(vectors, ids, rows)) {
        columns.add(
            column(Hdf5SourceConfig.FIELDS, field, rows, set -> Column.field(hdf, channel, set)));
      }
      String idName = idName(idColumn);
      checkNames(columns, idColumn, idName);
      return new Hdf5Columns(rows, columns, idColumn, idName);
    }

    private Optional<Dataset> ids() {
      if (config.ids().isEmpty() || (!config.isIdsRequired() && get(config.ids()).isEmpty())) {
        if (config.files().isTopicShared()) {
          throw new FileProblem(
              Hdf5SourceConfig.IDS,
              "File %s has no dataset of ids, and its row numbers would meet those of other files in one topic; leave topic empty, or add the ids"
                  .formatted(path));
        }
        return Optional.empty();
      }
      return Optional.of(require(Hdf5SourceConfig.IDS, config.ids()));
    }

    private Column idColumn(Dataset dataset, long rows) {
      checkRank(Hdf5SourceConfig.IDS, dataset, 1);
      return column(
          Hdf5SourceConfig.IDS, dataset, rows, set -> Column.field(hdf, channel, set).asKey());
    }

    private String idName(Column ids) {
      if (ids != null) {
        return ids.name();
      }
      return config.ids().isEmpty() ? "id" : config.ids();
    }

    private List<Dataset> fields(Dataset vectors, Optional<Dataset> ids, long rows) {
      List<Dataset> fields = new ArrayList<>();
      if (!config.fields().isEmpty()) {
        for (String name : config.fields()) {
          Dataset field = require(Hdf5SourceConfig.FIELDS, name);
          checkRank(Hdf5SourceConfig.FIELDS, field, 1);
          fields.add(field);
        }
        return fields;
      }
      for (Node node : vectors.getParent()) {
        if (node instanceof Dataset dataset
            && dataset.getDimensionsAsLong().length == 1
            && dataset.getDimensionsAsLong()[0] == rows
            && ids.filter(set -> set.getPath().equals(dataset.getPath())).isEmpty()) {
          fields.add(dataset);
        }
      }
      return fields;
    }

    private Column column(
        String key, Dataset dataset, long rows, Function<Dataset, Column> reader) {
      long length = dataset.getDimensionsAsLong()[0];
      if (length != rows) {
        throw problem(
            key, dataset, "%d rows, but %s has %d".formatted(length, config.embeddings(), rows));
      }
      try {
        return reader.apply(dataset);
      } catch (RuntimeException e) {
        throw new FileProblem(key, where(dataset.getPath()) + ": " + e.getMessage(), e);
      }
    }

    private Optional<Dataset> get(String name) {
      Group group = hdf;
      List<String> steps = Arrays.asList(name.replaceFirst("^/+", "").split("/", -1));
      for (String step : steps.subList(0, steps.size() - 1)) {
        if (!(group.getChild(step) instanceof Group inner)) {
          return Optional.empty();
        }
        group = inner;
      }
      return group.getChild(steps.get(steps.size() - 1)) instanceof Dataset dataset
          ? Optional.of(dataset)
          : Optional.empty();
    }

    private Dataset require(String key, String name) {
      return get(name)
          .orElseThrow(
              () ->
                  new FileProblem(
                      key,
                      "File %s has no dataset %s; it has %s"
                          .formatted(path, name, hdf.getChildren().keySet())));
    }

    private void checkRank(String key, Dataset dataset, int rank) {
      int found = dataset.getDimensionsAsLong().length;
      if (found != rank) {
        throw problem(key, dataset, found + " dimensions, expected " + rank);
      }
    }

    private void checkNames(List<Column> columns, Column ids, String idName) {
      Set<String> names = new HashSet<>(Set.of(idName));
      for (Column column : columns) {
        if (!column.equals(ids) && !names.add(column.name())) {
          throw new FileProblem(
              Hdf5SourceConfig.FIELDS,
              "%s: there is already a field %s".formatted(where(column.path()), column.name()));
        }
      }
    }

    private FileProblem problem(String key, Dataset dataset, String what) {
      return new FileProblem(key, where(dataset.getPath()) + " has " + what);
    }

    private String where(String dataset) {
      return "File %s, dataset %s".formatted(path, dataset);
    }
  }
}
