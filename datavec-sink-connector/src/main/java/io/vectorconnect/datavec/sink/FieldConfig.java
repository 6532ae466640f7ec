package io.vectorconnect.datavec.sink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Which fields of a record become which columns, and of which type those are made. */
final class FieldConfig {
  static final String INCLUDE = "fields.include";
  static final String EXCLUDE = "fields.exclude";
  static final String MAPPING = "fields.mapping";
  static final String VECTOR_FIELDS = "vector.fields";
  static final String COLUMN_TYPES = "column.types";

  private static final Pattern PAIR = Pattern.compile("[^:]+:[^:]+");
  private static final Pattern VECTOR = Pattern.compile("[^:]+:[1-9][0-9]{0,8}");
  private static final Pattern TYPE =
      Pattern.compile("[^:]+:[A-Za-z_][A-Za-z0-9_ ]*(\\([0-9]+(\\.[0-9]+)?\\))?[A-Za-z ]*(\\[])?");

  private final Set<String> include;
  private final Set<String> exclude;
  private final Map<String, String> mapping;
  private final Map<String, String> types = new HashMap<>();

  FieldConfig(AbstractConfig config) {
    include = new HashSet<>(config.getList(INCLUDE));
    exclude = new HashSet<>(config.getList(EXCLUDE));
    mapping = pairs(config.getList(MAPPING));
    pairs(config.getList(VECTOR_FIELDS))
        .forEach((column, dimension) -> types.put(column, "VECTOR(" + dimension + ")"));
    pairs(config.getList(COLUMN_TYPES))
        .forEach((column, type) -> types.put(column, type.replace('.', ',')));
  }

  static ConfigDef define(ConfigDef def) {
    String group = "Fields";
    return def.define(
            INCLUDE,
            Type.LIST,
            "",
            Importance.LOW,
            "Fields of the value that become columns, beside those that fields.mapping names. Empty:"
                + " all.",
            group,
            1,
            Width.LONG,
            "Fields to include")
        .define(
            EXCLUDE,
            Type.LIST,
            "",
            Importance.LOW,
            "Fields of the value that do not become columns.",
            group,
            2,
            Width.LONG,
            "Fields to exclude")
        .define(
            MAPPING,
            Type.LIST,
            "",
            entries(PAIR, "field:column"),
            Importance.MEDIUM,
            "Columns by other names, as field:column. A field inside of another one is named by its"
                + " path, as meta.title:title; the outer one then is no column, unless"
                + " fields.include names it. Renames fields of the key, too.",
            group,
            3,
            Width.LONG,
            "Field mapping")
        .define(
            VECTOR_FIELDS,
            Type.LIST,
            "",
            entries(VECTOR, "column:dimension"),
            Importance.MEDIUM,
            "Columns that auto.create makes vectors, as column:dimension, where the record does not"
                + " tell: arrays, text, JSON without schema.",
            group,
            4,
            Width.LONG,
            "Vector fields")
        .define(
            COLUMN_TYPES,
            Type.LIST,
            "",
            entries(TYPE, "column:type"),
            Importance.MEDIUM,
            "Types of columns that auto.create makes, as column:type, over what the record tells. For"
                + " JSON without schema every column needs one. numeric(10,2) is written"
                + " numeric(10.2), for a comma ends the entry.",
            group,
            5,
            Width.LONG,
            "Column types");
  }

  private static ConfigDef.Validator entries(Pattern pattern, String form) {
    return ConfigDef.LambdaValidator.with(
        (name, value) -> {
          for (Object entry : (List<?>) value) {
            if (!pattern.matcher(entry.toString()).matches()) {
              throw new ConfigException(name, value, "must be a list of " + form);
            }
          }
        },
        () -> "list of " + form);
  }

  private static Map<String, String> pairs(List<String> entries) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String entry : entries) {
      int colon = entry.indexOf(':');
      pairs.put(entry.substring(0, colon).strip(), entry.substring(colon + 1).strip());
    }
    return pairs;
  }

  /** The fields of a key under their columns' names. */
  List<RecordField> ofKey(List<RecordField> fields) {
    return fields.stream()
        .map(field -> field.named(mapping.getOrDefault(field.name(), field.name())))
        .toList();
  }

  /** The fields of a row that become columns, under the columns' names. */
  List<RecordField> ofRow(List<RecordField> fields) {
    List<RecordField> columns = new ArrayList<>();
    for (RecordField field : fields) {
      String renamed = mapping.get(field.name());
      List<RecordField> inner = renamed == null ? inner(field) : List.of();
      if (renamed != null) {
        columns.add(field.named(renamed));
      } else if (include.contains(field.name())
          || (include.isEmpty() && inner.isEmpty() && !exclude.contains(field.name()))) {
        columns.add(field);
      }
      columns.addAll(inner);
    }
    return columns;
  }

  /** The fields inside of one that the mapping names. */
  private List<RecordField> inner(RecordField outer) {
    List<RecordField> fields = new ArrayList<>();
    mapping.forEach(
        (path, column) -> {
          if (path.startsWith(outer.name() + ".")) {
            String rest = path.substring(outer.name().length() + 1);
            fields.add(outer.inner(Arrays.asList(rest.split("\\.")), column));
          }
        });
    return fields;
  }

  /** The declared type of a column, or null. */
  String type(String column) {
    return types.get(column);
  }
}
