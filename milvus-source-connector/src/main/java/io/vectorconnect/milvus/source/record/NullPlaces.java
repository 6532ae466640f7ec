package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.vectorconnect.milvus.Validity;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds values among NULLs, by the marks of a column. Answers have a place in the data for a
 * scalar's NULL, Milvus 3's log has none, and vectors never have one.
 */
final class NullPlaces {
  private NullPlaces() {}

  /**
   * The places of scalar values; null where every row has its own place. Milvus Lite leaves out the
   * marks where no row of an answer is NULL.
   *
   * @throws ConnectException when the column has neither a value for each row nor one for each mark
   */
  static int[] ofScalars(FieldData column, int rows, int values) {
    List<Boolean> marks = Validity.of(column);
    if (marks.isEmpty() && values == rows) {
      return null;
    }
    if (marks.size() == rows && values == rows) {
      return inPlace(marks);
    }
    if (marks.size() == rows && values == count(marks)) {
      return compact(marks);
    }
    throw unclear(column, "values", values, rows, marks);
  }

  /**
   * The places of vectors, which stand one after another.
   *
   * @throws ConnectException when there is not one vector for each mark, or no mark for each row
   */
  static int[] ofVectors(FieldData column, int rows, int vectors) {
    List<Boolean> marks = Validity.of(column);
    if (marks.size() != rows || vectors != count(marks)) {
      throw unclear(column, "vectors", vectors, rows, marks);
    }
    return compact(marks);
  }

  /** The places of an array's elements; null where there is no NULL among them. */
  static int[] ofElements(ScalarField array, int values) {
    List<Boolean> marks = Validity.ofElements(array);
    if (marks.isEmpty()) {
      return null;
    }
    if (values == marks.size()) {
      return inPlace(marks);
    }
    if (values == count(marks)) {
      return compact(marks);
    }
    throw new ConnectException(
        "Milvus sent an array of %d elements with %d marks, of which %d say that there is one; which of them are NULL is not clear, so the rows are not published"
            .formatted(values, marks.size(), count(marks)));
  }

  private static int[] compact(List<Boolean> marks) {
    int[] places = new int[marks.size()];
    int next = 0;
    for (int row = 0; row < places.length; row++) {
      places[row] = marks.get(row) ? next++ : -1;
    }
    return places;
  }

  private static int[] inPlace(List<Boolean> marks) {
    int[] places = new int[marks.size()];
    for (int row = 0; row < places.length; row++) {
      places[row] = marks.get(row) ? row : -1;
    }
    return places;
  }

  private static int count(List<Boolean> marks) {
    return (int) marks.stream().filter(mark -> mark).count();
  }

  private static ConnectException unclear(
      FieldData column, String what, int values, int rows, List<Boolean> marks) {
    return new ConnectException(
        "Milvus sent %d %s of the nullable field %s for %d rows, with %d marks of which %d say that there is one; which rows are NULL is not clear, so the rows are not published"
            .formatted(values, what, column.getFieldName(), rows, marks.size(), count(marks)));
  }
}
