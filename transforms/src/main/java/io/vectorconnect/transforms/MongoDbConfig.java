package io.vectorconnect.transforms;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.data.VectorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every key of {@link MongoDbDocument}. */
final class MongoDbConfig extends CheckedConfig {
  /** What becomes of a document without a vector that is declared. */
  enum Missing {
    FAIL,
    SKIP,
    NULL
  }

  private static final String FULL_DOCUMENT_ONLY = "full.document.only";
  private static final String ID_TYPE = "id.type";
  private static final String ID_COLUMN = "id.column";
  private static final String VECTOR_FIELDS = DeclaredVector.KEY;
  private static final String FIELD_TYPES = "field.types";
  private static final String MAPPING = "fields.mapping";
  private static final String REST = "rest.column";
  private static final String VECTOR_MISSING = "vector.missing";
  private static final String LOSSY_CASTS = "vector.lossy.casts";

  private static final String VECTORS = "Vectors";
  private static final String DOCUMENTS = "Documents";

  private static final EnumValidator<IdType> ID_TYPES = EnumValidator.of(IdType.class);
  private static final EnumValidator<Missing> MISSING = EnumValidator.of(Missing.class);
  private static final EnumValidator<LossyCast> CASTS = EnumValidator.of(LossyCast.class);

  static final ConfigDef DEF =
      new ConfigDef()
          .define(
              VECTOR_FIELDS,
              Type.LIST,
              "",
              DeclaredVector.validator(
                  "column", VectorType.FLOAT, VectorType.INT8, VectorType.BINARY),
              Importance.HIGH,
              "Vectors, as column:dimension or column:dimension:type with float, int8 or binary. Read"
                  + " from arrays of numbers and from BSON vectors (Binary subtype 9).",
              VECTORS,
              1,
              Width.LONG,
              "Vector fields")
          .define(
              FIELD_TYPES,
              Type.LIST,
              "",
              PairsValidator.of("column:type", ':', ScalarColumn.TYPE_PATTERN),
              Importance.HIGH,
              "Other columns, as column:type with "
                  + ScalarColumn.TYPE_NAMES
                  + ". A value of another type is an error, never converted with loss.",
              DOCUMENTS,
              3,
              Width.LONG,
              "Field types")
          .define(
              MAPPING,
              Type.LIST,
              "",
              PairsValidator.of("path:column", ':', "[^:]+"),
              Importance.MEDIUM,
              "Where columns come from that are not fields of the same name, as meta.title:title.",
              DOCUMENTS,
              4,
              Width.LONG,
              "Field mapping")
          .define(
              REST,
              Type.STRING,
              "$meta",
              Importance.MEDIUM,
              "The column that takes all other fields, as one JSON object (relaxed extended JSON);"
                  + " empty: they are left out. Milvus takes $meta for its dynamic fields.",
              DOCUMENTS,
              5,
              Width.MEDIUM,
              "Other fields")
          .define(
              ID_TYPE,
              Type.STRING,
              "objectid",
              ID_TYPES,
              Importance.HIGH,
              "The type of _id. objectid, uuid: text in hexadecimal; string; int64: any whole number;"
                  + " any: text that differs for all different ids, whatever their types.",
              DOCUMENTS,
              1,
              Width.SHORT,
              "Id type")
          .define(
              ID_COLUMN,
              Type.STRING,
              "_id",
              new ConfigDef.NonEmptyString(),
              Importance.MEDIUM,
              "The column that takes _id, in the record's key and value.",
              DOCUMENTS,
              2,
              Width.MEDIUM,
              "Id column")
          .define(
              VECTOR_MISSING,
              Type.STRING,
              "fail",
              MISSING,
              Importance.MEDIUM,
              "What becomes of a document that lacks a vector, or has null there: fail, skip it (and"
                  + " count it in the log), or null. skip deletes nothing: a row that was written"
                  + " before its document lost the vector stays.",
              VECTORS,
              2,
              Width.SHORT,
              "Missing vectors")
          .define(
              LOSSY_CASTS,
              Type.LIST,
              "",
              CASTS,
              Importance.LOW,
              "Lossy casts that are allowed, by name: float64_to_float32 rounds numbers that a 32-bit"
                  + " float cannot hold.",
              VECTORS,
              3,
              Width.LONG,
              "Lossy casts")
          .define(
              FULL_DOCUMENT_ONLY,
              Type.BOOLEAN,
              false,
              Importance.MEDIUM,
              "As the connector's publish.full.document.only: whether values are documents instead of"
                  + " change events. Deletes then are records without a value, and their keys must be"
                  + " the documents' keys.",
              DOCUMENTS,
              6,
              Width.SHORT,
              "Full documents only");

  MongoDbConfig(Map<String, ?> properties) {
    super(DEF, properties);
  }

  boolean fullDocumentOnly() {
    return getBoolean(FULL_DOCUMENT_ONLY);
  }

  IdType idType() {
    return ID_TYPES.parse(getString(ID_TYPE));
  }

  String idColumn() {
    return getString(ID_COLUMN);
  }

  /** The column of all other fields, or empty. */
  String restColumn() {
    return getString(REST);
  }

  Missing vectorMissing() {
    return MISSING.parse(getString(VECTOR_MISSING));
  }

  /** What becomes of the declared columns, by their names, in the order of the declarations. */
  Map<String, Column> columns() {
    Set<LossyCast> casts = CASTS.parseAll(getList(LOSSY_CASTS));
    Map<String, Column> columns = new LinkedHashMap<>();
    PairsValidator.parse(getList(VECTOR_FIELDS), ':')
        .forEach(
            (name, type) ->
                put(
                    columns,
                    VECTOR_FIELDS,
                    name,
                    new VectorColumn(DeclaredVector.parse(type), casts)));
    PairsValidator.parse(getList(FIELD_TYPES), ':')
        .forEach((name, type) -> put(columns, FIELD_TYPES, name, ScalarColumn.of(type)));
    return columns;
  }

  private void put(Map<String, Column> columns, String key, String name, Column column) {
    boolean taken = name.equals(idColumn()) || name.equals(restColumn());
    if (taken || columns.putIfAbsent(name, column) != null) {
      throw new ConfigException(key, name, "two columns of this name; rename one");
    }
  }

  /** The path in the document of each declared column: a field's name, and names inside of it. */
  Map<String, String[]> paths(Set<String> columns) {
    Map<String, String[]> paths = new LinkedHashMap<>();
    columns.forEach(column -> paths.put(column, new String[] {column}));
    PairsValidator.parse(getList(MAPPING), ':')
        .forEach(
            (path, column) -> {
              if (paths.put(column, path.split("\\.")) == null) {
                throw new ConfigException(
                    MAPPING, column, "declare this column in vector.fields or field.types");
              }
            });
    return paths;
  }
}
