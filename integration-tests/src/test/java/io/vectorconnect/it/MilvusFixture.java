package io.vectorconnect.it;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.index.request.ListIndexesReq;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A small collection of any types, its rows as the vendor's client takes them, and what they have
 * to be everywhere: on Kafka and in another collection. The field {@code n} counts the rows.
 */
final class MilvusFixture {
  private final String name;
  private final CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
  private final List<IndexParam> indexes = new ArrayList<>();
  private final List<JsonObject> rows = new ArrayList<>();
  private final Map<Long, Map<String, Object>> expected = new TreeMap<>();

  /** A value as it is written (null: not at all), and as {@link #plain} shows it afterwards. */
  record Cell(JsonElement written, Object expected) {}

  private MilvusFixture(String name) {
    this.name = name;
  }

  static MilvusFixture ofNumbers(String name, long... keys) {
    MilvusFixture fixture = new MilvusFixture(name);
    fixture.key(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    for (long key : keys) {
      fixture.row(new JsonPrimitive(key), key);
    }
    return fixture;
  }

  static MilvusFixture ofTexts(String name, String... keys) {
    MilvusFixture fixture = new MilvusFixture(name);
    fixture.key(
        AddFieldReq.builder()
            .fieldName("id")
            .dataType(DataType.VarChar)
            .maxLength(200)
            .isPrimaryKey(true)
            .build());
    for (String key : keys) {
      fixture.row(new JsonPrimitive(key), key);
    }
    return fixture;
  }

  private void key(AddFieldReq key) {
    schema.addField(key);
    schema.addField(AddFieldReq.builder().fieldName("n").dataType(DataType.Int64).build());
  }

  private void row(JsonElement key, Object plainKey) {
    long number = rows.size();
    JsonObject row = new JsonObject();
    row.add("id", key);
    row.addProperty("n", number);
    rows.add(row);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("id", plainKey);
    values.put("n", number);
    expected.put(number, values);
  }

  /** Adds a field with one value a row. */
  MilvusFixture field(AddFieldReq field, Cell... cells) {
    schema.addField(field);
    for (int i = 0; i < rows.size(); i++) {
      if (cells[i].written() != null) {
        rows.get(i).add(field.getFieldName(), cells[i].written());
      }
      expected.get((long) i).put(field.getFieldName(), cells[i].expected());
    }
    index(field);
    return this;
  }

  /** Adds a scalar field. */
  MilvusFixture field(String field, DataType type, Cell... cells) {
    return field(scalar(field, type).build(), cells);
  }

  /** Adds a vector field. */
  MilvusFixture vectors(String field, DataType type, int dimension, Cell... cells) {
    return field(
        AddFieldReq.builder().fieldName(field).dataType(type).dimension(dimension).build(), cells);
  }

  /** Gives the rows dynamic fields, one object a row. */
  MilvusFixture dynamic(String... objects) {
    schema.setEnableDynamicField(true);
    for (int i = 0; i < rows.size(); i++) {
      JsonObject object = JsonParser.parseString(objects[i]).getAsJsonObject();
      JsonObject row = rows.get(i);
      object.entrySet().forEach(entry -> row.add(entry.getKey(), entry.getValue()));
      expected.get((long) i).put("$meta", object.toString());
    }
    return this;
  }

  private void index(AddFieldReq field) {
    IndexParam.IndexType type;
    IndexParam.MetricType metric;
    switch (field.getDataType()) {
      case FloatVector, Float16Vector, BFloat16Vector, Int8Vector -> {
        type = IndexParam.IndexType.FLAT;
        metric = IndexParam.MetricType.L2;
      }
      case BinaryVector -> {
        type = IndexParam.IndexType.BIN_FLAT;
        metric = IndexParam.MetricType.HAMMING;
      }
      case SparseFloatVector -> {
        type = IndexParam.IndexType.SPARSE_INVERTED_INDEX;
        metric = IndexParam.MetricType.IP;
      }
      default -> {
        return;
      }
    }
    indexes.add(
        IndexParam.builder()
            .fieldName(field.getFieldName())
            .indexType(type)
            .metricType(metric)
            .build());
  }

  static AddFieldReq.AddFieldReqBuilder<?> scalar(String name, DataType type) {
    AddFieldReq.AddFieldReqBuilder<?> field = AddFieldReq.builder().fieldName(name).dataType(type);
    return type == DataType.VarChar ? field.maxLength(200) : field;
  }

  String name() {
    return name;
  }

  int rows() {
    return rows.size();
  }

  /** By the row's number, the values of its fields. */
  Map<Long, Map<String, Object>> expected() {
    return expected;
  }

  /** An empty collection with these fields, indexed and loaded. */
  void create(MilvusClientV2 client, String collection) {
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(collection)
            .collectionSchema(schema)
            .indexParams(indexes)
            .build());
  }

  /** The collection with its rows. */
  void write(MilvusCollections milvus) {
    create(milvus.client(), name);
    milvus.insert(name, rows);
  }

  /**
   * Indexes and loads a collection that a sink created, where that is still to be done: Milvus Lite
   * 2.5 forgets the property by which the sink knows that.
   */
  void load(MilvusClientV2 client, String collection) {
    if (!client
        .listIndexes(ListIndexesReq.builder().collectionName(collection).build())
        .isEmpty()) {
      return;
    }
    client.createIndex(
        CreateIndexReq.builder().collectionName(collection).indexParams(indexes).build());
    client.loadCollection(LoadCollectionReq.builder().collectionName(collection).build());
  }

  /** The rows of a collection with these fields, asked for by their numbers. */
  Map<Long, Map<String, Object>> read(MilvusCollections milvus, String collection) {
    List<Integer> numbers = IntStream.range(0, rows.size()).boxed().toList();
    Map<Long, Map<String, Object>> found = new TreeMap<>();
    for (Map<String, Object> row :
        new MilvusRows(milvus.client()).query(collection, "n in " + numbers)) {
      Map<String, Object> values = new LinkedHashMap<>();
      JsonObject dynamic = new JsonObject();
      new TreeMap<>(row)
          .forEach(
              (field, value) -> {
                if (expected.get(0L).containsKey(field)) {
                  values.put(field, plain(value));
                } else {
                  dynamic.add(field, new Gson().toJsonTree(value));
                }
              });
      if (schema.isEnableDynamicField()) {
        values.put("$meta", dynamic.toString());
      }
      if (found.put((Long) row.get("n"), values) != null) {
        throw new AssertionError("row " + row.get("n") + " comes twice from " + collection);
      }
    }
    return found;
  }

  /** A value that can be compared: vectors as the hexadecimal digits of their packed bytes. */
  static Object plain(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      return MilvusRows.hex(buffer);
    }
    if (value instanceof SortedMap<?, ?> sparse) {
      return hexOfSparse(sparse);
    }
    if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Float) {
      float[] elements = new float[list.size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (Float) list.get(i);
      }
      return hexOfFloats(elements);
    }
    if (value instanceof JsonElement json) {
      return json.isJsonNull() ? null : json.toString();
    }
    return value instanceof Byte || value instanceof Short || value instanceof Integer
        ? (Object) ((Number) value).longValue()
        : value;
  }

  /** The text of a JSON document without what does not matter in it. */
  static String json(String document) {
    return document == null ? null : JsonParser.parseString(document).toString();
  }

  static Cell none() {
    return new Cell(null, null);
  }

  static Cell nothing() {
    return new Cell(JsonNull.INSTANCE, null);
  }

  static Cell text(String text) {
    return new Cell(new JsonPrimitive(text), text);
  }

  static Cell bool(boolean value) {
    return new Cell(new JsonPrimitive(value), value);
  }

  static Cell integer(long value) {
    return new Cell(new JsonPrimitive(value), value);
  }

  static Cell narrow(float value) {
    return new Cell(new JsonPrimitive(value), value);
  }

  static Cell wide(double value) {
    return new Cell(new JsonPrimitive(value), value);
  }

  static Cell document(String json) {
    return new Cell(JsonParser.parseString(json), json);
  }

  /** A vector whose elements are given as its packed bytes, in hexadecimal digits. */
  static Cell packed(String hex) {
    JsonArray bytes = new JsonArray();
    for (byte b : HexFormat.of().parseHex(hex)) {
      bytes.add(Byte.toUnsignedInt(b));
    }
    return new Cell(bytes, hex);
  }

  static Cell floats(float... elements) {
    JsonArray array = new JsonArray();
    for (float element : elements) {
      array.add(element);
    }
    return new Cell(array, hexOfFloats(elements));
  }

  static Cell sparse(SortedMap<Long, Float> entries) {
    JsonObject object = new JsonObject();
    entries.forEach((index, element) -> object.addProperty(index.toString(), element));
    return new Cell(object, hexOfSparse(entries));
  }

  private static String hexOfFloats(float[] elements) {
    ByteBuffer packed =
        ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float element : elements) {
      packed.putFloat(element);
    }
    return HexFormat.of().formatHex(packed.array());
  }

  private static String hexOfSparse(SortedMap<?, ?> entries) {
    ByteBuffer packed =
        ByteBuffer.allocate(entries.size() * 2 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach(
        (index, element) -> packed.putInt((int) (long) index).putFloat((Float) element));
    return HexFormat.of().formatHex(packed.array());
  }
}
