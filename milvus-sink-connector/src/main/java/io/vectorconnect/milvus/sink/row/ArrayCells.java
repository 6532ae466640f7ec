package io.vectorconnect.milvus.sink.row;

import io.vectorconnect.milvus.sink.collection.FieldTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Arrays of scalars on their way into a request: each is one {@code ScalarField}. */
final class ArrayCells {
  private ArrayCells() {}

  /**
   * The encoder of an array field.
   *
   * @param schema the record's, or null where it has none
   * @throws DataException when the record has something else there, or the sink does not know the
   *     elements' type
   */
  static CellEncoder of(Schema schema, Column column) {
    if (schema != null && schema.type() != Schema.Type.ARRAY) {
      throw new DataException("expected an ARRAY, got %s".formatted(schema.type()));
    }
    Column element = column.ofElements();
    CellEncoder encoder = ScalarCells.of(element);
    return value -> Columns.scalars(element, elements(value, column, encoder)).build();
  }

  private static List<Object> elements(Object value, Column column, CellEncoder encoder) {
    if (!(value instanceof List<?> list)) {
      throw new DataException(
          "expected a list, got a %s".formatted(value.getClass().getSimpleName()));
    }
    if (list.size() > column.maxCapacity()) {
      throw new DataException(
          "expected at most %,d elements, got %,d; use a larger max_capacity (Milvus: up to %,d)"
              .formatted(column.maxCapacity(), list.size(), FieldTypes.MAX_CAPACITY));
    }
    List<Object> encoded = new ArrayList<>(list.size());
    for (Object element : list) {
      encoded.add(element(encoder, element, encoded.size()));
    }
    return encoded;
  }

  private static Object element(CellEncoder encoder, Object element, int index) {
    try {
      if (element == null) {
        throw new DataException(
            "NULL, which Milvus's arrays do not hold; take it out by a transform");
      }
      return encoder.encode(element);
    } catch (DataException e) {
      throw new DataException("element %d: %s".formatted(index, e.getMessage()));
    }
  }
}
