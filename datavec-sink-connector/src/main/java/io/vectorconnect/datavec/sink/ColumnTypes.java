package io.vectorconnect.datavec.sink;

import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.sink.FieldMapping;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Types of new columns that the configuration declares. */
final class ColumnTypes {
  static final String VECTOR_FIELDS = "vector.fields";
  private static final String COLUMN_TYPES = "column.types";

  private final Map<String, Integer> dimensions = new LinkedHashMap<>();
  private final Map<String, String> types = new HashMap<>();

  ColumnTypes(AbstractConfig config) {
    PairsValidator.parse(config.getList(VECTOR_FIELDS), ':')
        .forEach((column, dimension) -> dimensions.put(column, Integer.valueOf(dimension)));
    dimensions.forEach((column, dimension) -> types.put(column, "VECTOR(" + dimension + ")"));
    PairsValidator.parse(config.getList(COLUMN_TYPES), ':')
        .forEach((column, type) -> types.put(column, type.replace('.', ',')));
  }

  static ConfigDef define(ConfigDef def) {
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

  /** The declared dimensions of vector columns, by their names. */
  Map<String, Integer> dimensions() {
    return Collections.unmodifiableMap(dimensions);
  }

  /** The declared type of a column, or null. */
  String of(String column) {
    return types.get(column);
  }
}
