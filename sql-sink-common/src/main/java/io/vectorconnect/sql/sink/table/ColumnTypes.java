package io.vectorconnect.sql.sink.table;

import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.sink.FieldMapping;
import io.vectorconnect.sink.RecordField;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Types of new columns that the configuration declares. */
public final class ColumnTypes {
  public static final String VECTOR_FIELDS = "vector.fields";

  public static final String COLUMN_TYPES = "column.types";

  private final Map<String, Integer> dimensions = new LinkedHashMap<>();
  private final Map<String, String> types = new HashMap<>();

  /** The types in a configuration with these keys. */
  public ColumnTypes(AbstractConfig config) {
    PairsValidator.parse(config.getList(VECTOR_FIELDS), ':')
        .forEach((column, dimension) -> dimensions.put(column, Integer.valueOf(dimension)));
    dimensions.forEach((column, dimension) -> types.put(column, "VECTOR(" + dimension + ")"));
    PairsValidator.parse(config.getList(COLUMN_TYPES), ':')
        .forEach((column, type) -> types.put(column, type.replace('.', ',')));
  }

  public static ConfigDef define(ConfigDef def) {
    return def.define(
            VECTOR_FIELDS,
            Type.LIST,
            "",
            PairsValidator.of("column:dimension", ':', "[1-9][0-9]{0,8}"),
            Importance.MEDIUM,
            "Columns that auto.create makes vectors, as column:dimension, where the record does not"
                + " tell: arrays, text, JSON without schema.",
            FieldMapping.GROUP,
            4,
            Width.LONG,
            "Vector fields")
        .define(
            COLUMN_TYPES,
            Type.LIST,
            "",
            PairsValidator.of(
                "column:type",
                ':',
                "[A-Za-z_][A-Za-z0-9_ ]*(\\([0-9]+(\\.[0-9]+)?\\))?[A-Za-z ]*(\\[\\])?"),
            Importance.MEDIUM,
            "Types of columns that auto.create makes, as column:type, over what the record tells. For"
                + " JSON without schema every column needs one. numeric(10,2) is written"
                + " numeric(10.2), for a comma ends the entry.",
            FieldMapping.GROUP,
            5,
            Width.LONG,
            "Column types");
  }

  /** The columns whose types are declared. */
  public Collection<String> declared() {
    return Collections.unmodifiableSet(types.keySet());
  }

  /** The declared dimensions of vector columns, by their names. */
  public Map<String, Integer> dimensions() {
    return Collections.unmodifiableMap(dimensions);
  }

  /**
   * The type of a new column: the declared one, else what the dialect makes of the field's schema.
   *
   * @param bySchema the dialect's type for a schema
   * @throws DataException when nothing tells a type
   */
  public String of(TableId table, RecordField field, Function<Schema, String> bySchema) {
    String type = types.get(field.name());
    if (type != null) {
      return type;
    }
    if (field.schema() == null) {
      throw new DataException(
          "column %s of table %s is not there, and a record without schema does not tell its type;"
                  .formatted(field.name(), table)
              + " create it, or declare it by column.types or vector.fields");
    }
    try {
      return bySchema.apply(field.schema());
    } catch (DataException e) {
      throw new DataException(
          "column %s of table %s: %s".formatted(field.name(), table, e.getMessage()));
    }
  }
}
