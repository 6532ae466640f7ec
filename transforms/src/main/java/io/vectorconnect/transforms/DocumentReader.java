package io.vectorconnect.transforms;

import io.vectorconnect.data.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.DecoderContext;

/** Reads documents, field by field as they come, into rows of one schema. */
final class DocumentReader {
  private static final String ID = "_id";
  private static final BsonValueCodec CODEC = new BsonValueCodec();

  /** A name on the way to columns: a column itself, or names inside of it. */
  private static final class Node {
    private final Map<String, Node> inner = new HashMap<>();
    private int column = -1;
  }

  /**
   * What a document became.
   *
   * @param key the record's key
   * @param value the record's value
   * @param missing the first vector that it lacks, or null
   */
  public record Row(Struct key, Struct value, String missing) {}

  private final IdType idType;
  private final String idColumn;
  private final String restColumn;
  private final Schema keySchema;
  private final Schema valueSchema;
  private final Node root = new Node();
  private final List<String> names = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();

  DocumentReader(MongoDbConfig config) {
    idType = config.idType();
    idColumn = config.idColumn();
    restColumn = config.restColumn();
    keySchema = SchemaBuilder.struct().field(idColumn, idType.schema()).build();
    SchemaBuilder schema = SchemaBuilder.struct().field(idColumn, idType.schema());
    Map<String, Column> declared = config.columns();
    Map<String, String[]> paths = config.paths(declared.keySet());
    declared.forEach(
        (name, column) -> {
          schema.field(name, column.schema());
          place(name, paths.get(name));
          columns.add(column);
          names.add(name);
        });
    if (!restColumn.isEmpty()) {
      schema.field(restColumn, Json.builder().optional().build());
    }
    valueSchema = schema.build();
  }

  private void place(String name, String[] path) {
    Node node = root;
    for (String step : path) {
      node = node.inner.computeIfAbsent(step, key -> new Node());
      if (node.column >= 0) {
        throw overlap(name, path);
      }
    }
    if (!node.inner.isEmpty() || (path.length == 1 && path[0].equals(ID))) {
      throw overlap(name, path);
    }
    node.column = names.size();
  }

  private static ConfigException overlap(String name, String[] path) {
    return new ConfigException(
        "column %s: its path %s is, or lies inside of, another column's"
            .formatted(name, String.join(".", path)));
  }

  /** The key of an {@code _id}. */
  Struct key(BsonValue id) {
    return new Struct(keySchema).put(idColumn, idType.key(id));
  }

  /**
   * Reads one document, all of it.
   *
   * @throws DataException naming the column when a value does not fit
   */
  Row read(BsonReader in) {
    Struct value = new Struct(valueSchema);
    BsonDocument rest = restColumn.isEmpty() ? null : new BsonDocument();
    BsonValue[] id = new BsonValue[1];
    readInner(in, root, value, rest, id);
    if (id[0] == null) {
      throw new DataException(
          "the document has no _id; leave _id in the connector's pipeline and projection");
    }
    Struct key = key(id[0]);
    value.put(idColumn, key.get(idColumn));
    if (rest != null && !rest.isEmpty()) {
      value.put(restColumn, ScalarColumn.json(rest));
    }
    return new Row(key, value, missingVector(value));
  }

  private void readInner(
      BsonReader in, Node node, Struct value, BsonDocument rest, BsonValue[] id) {
    in.readStartDocument();
    for (BsonType type = in.readBsonType();
        type != BsonType.END_OF_DOCUMENT;
        type = in.readBsonType()) {
      String name = in.readName();
      Node next = node.inner.get(name);
      if (node == root && name.equals(ID)) {
        id[0] = decode(in);
      } else if (next == null || (next.column < 0 && type != BsonType.DOCUMENT)) {
        addToRest(in, name, rest);
      } else if (next.column < 0) {
        BsonDocument inner = rest == null ? null : new BsonDocument();
        readInner(in, next, value, inner, id);
        if (inner != null && !inner.isEmpty()) {
          rest.put(name, inner);
        }
      } else {
        readColumn(in, type, next.column, value);
      }
    }
    in.readEndDocument();
  }

  private void readColumn(BsonReader in, BsonType type, int column, Struct value) {
    if (type == BsonType.NULL || type == BsonType.UNDEFINED) {
      in.skipValue();
      return;
    }
    try {
      value.put(names.get(column), columns.get(column).read(in, type));
    } catch (DataException e) {
      throw new DataException("column %s: %s".formatted(names.get(column), e.getMessage()), e);
    }
  }

  private static void addToRest(BsonReader in, String name, BsonDocument rest) {
    if (rest == null) {
      in.skipValue();
    } else {
      rest.put(name, decode(in));
    }
  }

  /** The value at which the reader stands. */
  static BsonValue decode(BsonReader in) {
    return CODEC.decode(in, DecoderContext.builder().build());
  }

  private String missingVector(Struct value) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) instanceof VectorColumn && value.get(names.get(i)) == null) {
        return names.get(i);
      }
    }
    return null;
  }
}
