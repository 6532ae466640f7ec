package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileProblem;
import io.vectorconnect.hdf5.format.Hdf5Objects;
import io.vectorconnect.hdf5.format.StoredDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds datasets of a file by their paths; problems are reported on the key that named them. */
final class Datasets {
  /**
   * Which datasets become fields.
   *
   * @param key the configuration key that names them
   * @param names their paths; none for all in the group of the leading dataset that have its length
   * @param isExcluded whether the dataset at a path is not wanted, where none are named
   * @param remedy what to do about a dataset that cannot be read, where none are named
   */
  record Fields(String key, List<String> names, Predicate<String> isExcluded, String remedy) {}

  private final HdfHandle file;
  private final Hdf5Objects objects;

  Datasets(HdfHandle file) {
    this.file = file;
    this.objects = new Hdf5Objects(file.hdf(), file.bytes());
  }

  /** The dataset at a path, if there is one. */
  Optional<StoredDataset> get(String key, String name) {
    return reported(key, name, "", () -> objects.dataset(name));
  }

  /** A dataset of so many dimensions. */
  StoredDataset require(String key, String name, int rank) {
    StoredDataset dataset =
        get(key, name)
            .orElseThrow(
                () ->
                    new FileProblem(
                        key,
                        "File %s has no dataset %s; it has %s"
                            .formatted(file.path(), name, objects.names("/"))));
    if (dataset.isNull()) {
      throw problem(key, dataset, "no values: its dataspace is null");
    }
    int found = dataset.extents().length;
    if (found != rank) {
      throw problem(key, dataset, found + " dimensions, expected " + rank);
    }
    return dataset;
  }

  /** The 1-d datasets of fields as columns beside a leading dataset. */
  List<Column> fields(
      Fields fields,
      StoredDataset leader,
      Optional<StoredDataset> ids,
      Function<StoredDataset, Column> reader) {
    List<Column> columns = new ArrayList<>();
    for (String name : fields.names()) {
      StoredDataset field = require(fields.key(), name, 1);
      columns.add(column(fields.key(), field, leader, reader));
    }
    if (!fields.names().isEmpty()) {
      return columns;
    }
    for (String name : objects.names(leader.group())) {
      String path = leader.group() + "/" + name;
      if (fields.isExcluded().test(path)) {
        continue;
      }
      reported(
              fields.key(),
              path,
              fields.remedy().formatted(name),
              () ->
                  objects
                      .dataset(path)
                      .filter(dataset -> isBeside(leader, dataset))
                      .filter(dataset -> ids.filter(dataset::isSame).isEmpty())
                      .map(reader))
          .ifPresent(columns::add);
    }
    return columns;
  }

  private static boolean isBeside(StoredDataset leader, StoredDataset dataset) {
    long[] extents = dataset.extents();
    return extents.length == 1 && !dataset.isNull() && extents[0] == leader.extents()[0];
  }

  /** A dataset as a column of the rows that {@code leader} counts. */
  Column column(
      String key,
      StoredDataset dataset,
      StoredDataset leader,
      Function<StoredDataset, Column> reader) {
    long length = dataset.extents()[0];
    if (length != leader.extents()[0]) {
      throw problem(
          key,
          dataset,
          "%d rows, but %s has %d".formatted(length, leader.path(), leader.extents()[0]));
    }
    return reported(key, dataset.path(), "", () -> reader.apply(dataset));
  }

  private <T> T reported(String key, String name, String remedy, Supplier<T> find) {
    try {
      return find.get();
    } catch (RuntimeException | StackOverflowError e) {
      String what = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new FileProblem(key, where(name) + ": " + what + remedy, e);
    }
  }

  FileProblem problem(String key, StoredDataset dataset, String what) {
    return new FileProblem(key, where(dataset.path()) + " has " + what);
  }

  String where(String dataset) {
    return "File %s, dataset %s".formatted(file.path(), dataset);
  }
}
