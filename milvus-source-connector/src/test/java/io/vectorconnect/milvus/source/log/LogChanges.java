package io.vectorconnect.milvus.source.log;

import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.IDs;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import io.vectorconnect.milvus.source.log.LogBuffer.Release;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import milvus.proto.msg.Msg;

/** Says what released messages change, in the form of the expected changes. */
final class LogChanges {
  private LogChanges() {}

  static List<Map<String, Object>> of(Release release) {
    List<Map<String, Object>> changes = new ArrayList<>();
    for (LogMessage message : release.messages()) {
      for (Map<String, Object> change : of(message)) {
        change.put("offset", message.place().order());
        change.put("time_tick", message.timestamp());
        change.put("visible_at", release.tick());
        changes.add(change);
      }
    }
    return changes;
  }

  private static List<Map<String, Object>> of(LogMessage message) {
    return switch (message.kind()) {
      case INSERT -> inserted(message.insert());
      case DELETE -> deleted(message.delete());
      case DROP_COLLECTION -> one("drop_collection");
      case IMPORT -> one("import");
      case DROP_PARTITION -> one("drop_partition", "partition", message.droppedPartition());
      case SCHEMA ->
          one(
              "alter_schema",
              "fields",
              message.schema().getFieldsList().stream()
                  .filter(field -> field.getFieldID() >= 100)
                  .map(FieldSchema::getName)
                  .toList());
      case UNREADABLE -> one(message.detail());
      default -> throw new AssertionError(message);
    };
  }

  private static List<Map<String, Object>> one(String op) {
    Map<String, Object> change = new TreeMap<>();
    change.put("op", op);
    return List.of(change);
  }

  private static List<Map<String, Object>> one(String op, String key, Object value) {
    List<Map<String, Object>> changes = one(op);
    changes.get(0).put("detail", Map.of(key, value));
    return changes;
  }

  private static List<Map<String, Object>> inserted(Msg.InsertRequest insert) {
    List<Map<String, Object>> changes = new ArrayList<>();
    for (int row = 0; row < insert.getNumRows(); row++) {
      Map<String, Object> fields = new TreeMap<>();
      for (FieldData column : insert.getFieldsDataList()) {
        fields.put(column.getFieldName(), value(column, row));
      }
      Map<String, Object> change = one("insert").get(0);
      change.put("collection", insert.getCollectionName());
      change.put("collection_id", insert.getCollectionID());
      change.put("partition", insert.getPartitionName());
      change.put("pk", fields.containsKey("id") ? fields.get("id") : fields.get("key"));
      change.put("fields", fields);
      changes.add(change);
    }
    return changes;
  }

  private static List<Map<String, Object>> deleted(Msg.DeleteRequest delete) {
    IDs ids = delete.getPrimaryKeys();
    List<Map<String, Object>> changes = new ArrayList<>();
    for (int row = 0; row < delete.getNumRows(); row++) {
      Map<String, Object> change = one("delete").get(0);
      change.put("collection", delete.getCollectionName());
      change.put("collection_id", delete.getCollectionID());
      change.put(
          "pk",
          ids.hasIntId() ? (Object) ids.getIntId().getData(row) : ids.getStrId().getData(row));
      changes.add(change);
    }
    return changes;
  }

  private static Object value(FieldData column, int row) {
    if (column.getValidDataCount() > 0 && !column.getValidData(row)) {
      return null;
    }
    return column.hasScalars()
        ? scalar(column.getScalars(), row)
        : vector(column.getVectors(), row);
  }

  private static Object scalar(ScalarField column, int row) {
    return switch (column.getDataCase()) {
      case BOOL_DATA -> column.getBoolData().getData(row);
      case INT_DATA -> (long) column.getIntData().getData(row);
      case LONG_DATA -> column.getLongData().getData(row);
      case STRING_DATA -> column.getStringData().getData(row);
      case JSON_DATA ->
          RecordedLog.value(
              JsonParser.parseString(column.getJsonData().getData(row).toStringUtf8()));
      case ARRAY_DATA -> elements(column.getArrayData().getData(row));
      default -> throw new AssertionError(column.getDataCase());
    };
  }

  private static List<Object> elements(ScalarField array) {
    List<Object> elements = new ArrayList<>();
    int count =
        array.hasStringData()
            ? array.getStringData().getDataCount()
            : array.hasLongData()
                ? array.getLongData().getDataCount()
                : array.getIntData().getDataCount();
    for (int i = 0; i < count; i++) {
      elements.add(scalar(array, i));
    }
    return elements;
  }

  private static Object vector(VectorField column, int row) {
    int dimension = (int) column.getDim();
    List<Object> values = new ArrayList<>();
    switch (column.getDataCase()) {
      case FLOAT_VECTOR -> {
        for (int i = 0; i < dimension; i++) {
          values.add(RecordedLog.number(column.getFloatVector().getData(row * dimension + i)));
        }
        return values;
      }
      case FLOAT16_VECTOR -> {
        ByteBuffer bytes = bytes(column.getFloat16Vector(), row, dimension * 2);
        for (int i = 0; i < dimension; i++) {
          values.add(RecordedLog.number(half(bytes.getShort())));
        }
        return values;
      }
      case INT8_VECTOR -> {
        ByteBuffer bytes = bytes(column.getInt8Vector(), row, dimension);
        for (int i = 0; i < dimension; i++) {
          values.add((long) bytes.get());
        }
        return values;
      }
      case BINARY_VECTOR -> {
        return Base64.getEncoder()
            .encodeToString(bytes(column.getBinaryVector(), row, dimension / 8).array());
      }
      case SPARSE_FLOAT_VECTOR -> {
        ByteString pairs = column.getSparseFloatVector().getContents(row);
        ByteBuffer bytes = bytes(pairs, 0, pairs.size());
        Map<String, Object> sparse = new TreeMap<>();
        while (bytes.hasRemaining()) {
          String index = Integer.toUnsignedString(bytes.getInt());
          sparse.put(index, RecordedLog.number(bytes.getFloat()));
        }
        return sparse;
      }
      default -> throw new AssertionError(column.getDataCase());
    }
  }

  private static ByteBuffer bytes(ByteString column, int row, int length) {
    return ByteBuffer.wrap(column.substring(row * length, (row + 1) * length).toByteArray())
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static double half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double size =
        exponent == 0
            ? fraction * Math.pow(2, -24)
            : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
    return bits < 0 ? -size : size;
  }
}
