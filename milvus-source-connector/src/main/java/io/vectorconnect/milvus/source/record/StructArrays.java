package io.vectorconnect.milvus.source.record;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StructArrayField;
import io.milvus.grpc.VectorArray;
import io.milvus.grpc.VectorField;
import io.vectorconnect.data.Json;
import io.vectorconnect.milvus.Validity;
import io.vectorconnect.milvus.source.config.FieldKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Struct arrays as JSON: {@code [{"text":"a","vector":[1.0,2.0]},…]}. Milvus sends one column for
 * each field of the struct, with one array or one list of vectors for each row.
 */
final class StructArrays {
  private StructArrays() {}

  /**
   * One row's structs.
   *
   * @throws ConnectException when its columns do not fit together, or have a type that JSON has no
   *     exact form for
   */
  static String json(StructArrayField structs, int row) {
    List<Map<String, Object>> elements = new ArrayList<>();
    boolean isFirst = true;
    for (FieldData column : structs.getFieldsList()) {
      List<?> values =
          column.hasVectors()
              ? vectors(column, row)
              : scalars(column.getFieldName(), arrayRow(column, row));
      if (isFirst) {
        values.forEach(value -> elements.add(new LinkedHashMap<>()));
        isFirst = false;
      }
      if (values.size() != elements.size()) {
        throw new ConnectException(
            "Milvus sent a struct array with %d values of %s and %d of %s in one row"
                .formatted(
                    elements.size(),
                    structs.getFields(0).getFieldName(),
                    values.size(),
                    column.getFieldName()));
      }
      for (int i = 0; i < values.size(); i++) {
        elements.get(i).put(column.getFieldName(), values.get(i));
      }
    }
    return Json.write(null, elements);
  }

  /** Where the rows of a nullable struct array stand: all its columns have the same marks. */
  static int[] places(FieldData column, int rows) {
    if (column.getStructArrays().getFieldsCount() == 0) {
      throw new ConnectException(
          "Milvus sent struct array %s without any field".formatted(column.getFieldName()));
    }
    FieldData first = column.getStructArrays().getFields(0);
    for (FieldData other : column.getStructArrays().getFieldsList()) {
      if (!Validity.of(other).equals(Validity.of(first)) || count(other) != count(first)) {
        throw new ConnectException(
            "Milvus sent struct array %s with other NULLs in %s than in %s"
                .formatted(column.getFieldName(), other.getFieldName(), first.getFieldName()));
      }
    }
    return NullPlaces.ofScalars(first, rows, count(first));
  }

  /**
   * Columns with the fields of each struct put together. Milvus's log has them one by one, as
   * {@code struct[field]}; no other field has a bracket in its name.
   */
  static List<FieldData> grouped(List<FieldData> columns) {
    if (columns.stream().noneMatch(column -> column.getFieldName().endsWith("]"))) {
      return columns;
    }
    List<FieldData> grouped = new ArrayList<>();
    Map<String, FieldData.Builder> structs = new LinkedHashMap<>();
    for (FieldData column : columns) {
      String name = column.getFieldName();
      int bracket = name.indexOf('[');
      if (bracket < 0) {
        grouped.add(column);
        continue;
      }
      structs
          .computeIfAbsent(
              name.substring(0, bracket),
              struct -> FieldData.newBuilder().setFieldName(struct).setType(DataType.ArrayOfStruct))
          .getStructArraysBuilder()
          .addFields(
              column.toBuilder().setFieldName(name.substring(bracket + 1, name.length() - 1)));
    }
    structs.values().forEach(struct -> grouped.add(struct.build()));
    return grouped;
  }

  private static int count(FieldData column) {
    return column.hasVectors()
        ? column.getVectors().getVectorArray().getDataCount()
        : column.getScalars().getArrayData().getDataCount();
  }

  private static ScalarField arrayRow(FieldData column, int row) {
    return column.getScalars().getArrayData().getData(row);
  }

  private static List<?> scalars(String field, ScalarField array) {
    return switch (array.getDataCase()) {
      case BOOL_DATA -> elements(array, array.getBoolData().getDataList());
      case INT_DATA -> elements(array, array.getIntData().getDataList());
      case LONG_DATA -> elements(array, array.getLongData().getDataList());
      case FLOAT_DATA -> elements(array, array.getFloatData().getDataList());
      case DOUBLE_DATA -> elements(array, array.getDoubleData().getDataList());
      case STRING_DATA -> elements(array, array.getStringData().getDataList());
      case DATA_NOT_SET -> List.of();
      default -> throw noForm(field, array.getDataCase());
    };
  }

  private static List<?> elements(ScalarField array, List<?> values) {
    int[] places = NullPlaces.ofElements(array, values.size());
    if (places == null) {
      return values;
    }
    List<Object> elements = new ArrayList<>();
    for (int place : places) {
      elements.add(place < 0 ? null : values.get(place));
    }
    return elements;
  }

  private static List<?> vectors(FieldData column, int row) {
    VectorArray rows = column.getVectors().getVectorArray();
    VectorField vectors = rows.getData(row);
    return switch (vectors.getDataCase()) {
      case FLOAT_VECTOR ->
          divided(
              vectors.getFloatVector().getDataList(),
              Math.toIntExact(vectors.getDim() > 0 ? vectors.getDim() : rows.getDim()));
      case DATA_NOT_SET -> List.of();
      default -> throw noForm(column.getFieldName(), vectors.getDataCase());
    };
  }

  private static List<?> divided(List<Float> elements, int dimension) {
    List<Object> vectors = new ArrayList<>();
    for (int i = 0; i < elements.size(); i += dimension) {
      vectors.add(elements.subList(i, i + dimension));
    }
    return vectors;
  }

  private static ConnectException noForm(String field, Object type) {
    return new ConnectException(
        "field %s of a struct array has %s, which this connector does not write as JSON; exclude the struct array by %s"
            .formatted(field, type, FieldKeys.EXCLUDE));
  }
}
