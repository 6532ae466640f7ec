package io.vectorconnect.sink;

import io.vectorconnect.config.PairsValidator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Which fields of a record become columns, and under which names. */
public final class FieldMapping {
  /** The group of these keys; a sink's own keys about columns come last in it. */
  public static final String GROUP = "Fields";

  private static final String INCLUDE = "fields.include";
  private static final String EXCLUDE = "fields.exclude";

  /** Columns by other names. */
  public static final String MAPPING = "fields.mapping";

  private static final PairsValidator PAIRS =
      PairsValidator.of("field:column", ':', "[^:]+").withDistinctValues();

  private final Set<String> include;
  private final Set<String> exclude;
  private final Map<String, String> mapping;

  /** The mapping in a configuration with these keys. */
  FieldMapping(AbstractConfig config) {
    include = new HashSet<>(config.getList(INCLUDE));
    exclude = new HashSet<>(config.getList(EXCLUDE));
    mapping = PairsValidator.parse(config.getList(MAPPING), ':');
  }

  static ConfigDef define(ConfigDef def) {
    return def.define(
            INCLUDE,
            Type.LIST,
            "",
            Importance.LOW,
            "Fields of the value that become columns, beside those that fields.mapping names. Empty:"
                + " all.",
            GROUP,
            1,
            Width.LONG,
            "Fields to include")
        .define(
            EXCLUDE,
            Type.LIST,
            "",
            Importance.LOW,
            "Fields of the value that do not become columns.",
            GROUP,
            2,
            Width.LONG,
            "Fields to exclude")
        .define(
            MAPPING,
            Type.LIST,
            "",
            PAIRS,
            Importance.MEDIUM,
            "Columns by other names, as field:column. A field inside of another one is named by its"
                + " path, as meta.title:title; the outer one then is no column, unless"
                + " fields.include names it. Renames fields of the key, too.",
            GROUP,
            3,
            Width.LONG,
            "Field mapping");
  }

  /** The columns that the mapping names. */
  public Collection<String> mappedColumns() {
    return List.copyOf(mapping.values());
  }

  /** The fields of a key under their columns' names. */
  public List<RecordField> ofKey(List<RecordField> fields) {
    return fields.stream()
        .map(field -> field.named(mapping.getOrDefault(field.name(), field.name())))
        .toList();
  }

  /** The fields of a row that become columns, under the columns' names. */
  public List<RecordField> ofRow(List<RecordField> fields) {
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

  /** Whether there can be a field that fills this column. */
  public boolean mayFill(String column) {
    return mapping.containsValue(column)
        || (include.isEmpty() ? !exclude.contains(column) : include.contains(column));
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
}
