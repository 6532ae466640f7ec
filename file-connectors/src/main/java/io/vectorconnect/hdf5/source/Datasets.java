package io.vectorconnect.hdf5.source;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.vectorconnect.files.FileProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds datasets of a file by their paths; problems are told on the key that named them. */
record Datasets(HdfHandle file) {
  Optional<Dataset> get(String name) {
    Group group = file.hdf();
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

  /** A dataset of so many dimensions. */
  Dataset require(String key, String name, int rank) {
    Dataset dataset =
        get(name)
            .orElseThrow(
                () ->
                    new FileProblem(
                        key,
                        "File %s has no dataset %s; it has %s"
                            .formatted(file.path(), name, file.hdf().getChildren().keySet())));
    int found = dataset.getDimensionsAsLong().length;
    if (found != rank) {
      throw problem(key, dataset, found + " dimensions, expected " + rank);
    }
    return dataset;
  }

  /**
   * The 1-d datasets of fields.
   *
   * @param names their paths; none for all in the group of {@code leader} that have its length
   */
  List<Dataset> fields(String key, List<String> names, Dataset leader, Optional<Dataset> ids) {
    if (!names.isEmpty()) {
      return names.stream().map(name -> require(key, name, 1)).toList();
    }
    long rows = leader.getDimensionsAsLong()[0];
    List<Dataset> fields = new ArrayList<>();
    for (Node node : leader.getParent()) {
      if (node instanceof Dataset dataset
          && dataset.getDimensionsAsLong().length == 1
          && dataset.getDimensionsAsLong()[0] == rows
          && ids.filter(set -> set.getPath().equals(dataset.getPath())).isEmpty()) {
        fields.add(dataset);
      }
    }
    return fields;
  }

  /** A dataset as a column of the rows that {@code leader} counts. */
  Column column(
      String key, Dataset dataset, long rows, String leader, Function<Dataset, Column> reader) {
    long length = dataset.getDimensionsAsLong()[0];
    if (length != rows) {
      throw problem(key, dataset, "%d rows, but %s has %d".formatted(length, leader, rows));
    }
    try {
      return reader.apply(dataset);
    } catch (RuntimeException e) {
      throw new FileProblem(
          key, where(dataset.getPath()) + ": " + (e.getMessage() == null ? e : e.getMessage()), e);
    }
  }

  FileProblem problem(String key, Dataset dataset, String what) {
    return new FileProblem(key, where(dataset.getPath()) + " has " + what);
  }

  String where(String dataset) {
    return "File %s, dataset %s".formatted(file.path(), dataset);
  }
}
