package io.vectorconnect.metadata;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.config.PairsValidator;
import io.vectorconnect.files.PathValidator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys about fields in a file of their own. */
public final class MetadataKeys {
  /** The file; also the place for what is wrong with it. */
  public static final String FILE = "metadata.file";

  /** The field of the id. */
  public static final String ID_FIELD = "metadata.id.field";

  static final String FIELDS = "metadata.fields";
  static final String TYPES = "metadata.types";

  /** What a row without metadata is. */
  public static final String MISSING = "metadata.missing";

  static final String MAX_ROWS = "metadata.max.rows";

  /** In the name of the file: the name of the file that it belongs to, without its ending. */
  private static final String NAME = "${file}";

  private enum Missing {
    FAIL,
    NULL
  }

  private static final EnumValidator<Missing> MISSINGS = EnumValidator.of(Missing.class);

  private final AbstractConfig config;

  /** The values in a configuration with these keys. */
  public MetadataKeys(AbstractConfig config) {
    this.config = config;
  }

  /** Adds the keys. */
  public static ConfigDef define(ConfigDef def) {
    return more(file(def));
  }

  private static ConfigDef file(ConfigDef def) {
    String group = "Metadata";
    return def.define(
            FILE,
            Type.STRING,
            "",
            PathValidator.optional(),
            Importance.MEDIUM,
            "A file with further fields of the rows, found by id: JSON lines, or 1-d datasets of an"
                + " HDF5 file (*.h5, *.hdf5). ${file} in it stands for the name of the index file"
                + " without its ending. Empty: none.",
            group,
            1,
            Width.LONG,
            "Metadata file")
        .define(
            ID_FIELD,
            Type.STRING,
            "id",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The field, or the path of the dataset, that holds the id of a row of the metadata file:"
                + " whole numbers, each once.",
            group,
            2,
            Width.MEDIUM,
            "Id field of the metadata")
        .define(
            FIELDS,
            Type.LIST,
            "",
            Importance.MEDIUM,
            "The fields to take, or paths of datasets. Empty: all fields, or all 1-d datasets in the"
                + " group of the ids that have their length.",
            group,
            3,
            Width.LONG,
            "Metadata fields");
  }

  private static ConfigDef more(ConfigDef def) {
    String group = "Metadata";
    return def.define(
            TYPES,
            Type.LIST,
            "",
            PairsValidator.of("field:type", ':', "(?i)int64|float64|string|boolean|json"),
            Importance.LOW,
            "Types of fields of JSON lines, as field:type with int64, float64, string, boolean or"
                + " json. Other fields get the type that holds all their values.",
            group,
            4,
            Width.LONG,
            "Types of metadata fields")
        .define(
            MISSING,
            Type.STRING,
            "fail",
            MISSINGS,
            Importance.MEDIUM,
            "What to do with a vector whose id is not in the metadata file. fail: stop with an error."
                + " null: leave its fields null.",
            group,
            5,
            Width.SHORT,
            "Missing metadata",
            MISSINGS)
        .define(
            MAX_ROWS,
            Type.LONG,
            5_000_000L,
            Range.between(1, 500_000_000),
            Importance.LOW,
            "Rows that a metadata file may have. A task's heap holds the place of each: up to 48"
                + " bytes a row, and half as much again while the file is scanned.",
            group,
            6,
            Width.SHORT,
            "Largest metadata file");
  }

  /** The metadata file of a file of rows. */
  public Optional<Path> file(Path rows) {
    String file = config.getString(FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    String name = rows.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String path = file.replace(NAME, dot > 0 ? name.substring(0, dot) : name);
    return Optional.of(Path.of(path).toAbsolutePath().normalize());
  }

  /** Whether each file of rows has a metadata file of its own. */
  public boolean isFilePerFile() {
    return config.getString(FILE).contains(NAME);
  }

  String idField() {
    return config.getString(ID_FIELD);
  }

  List<String> fields() {
    return config.getList(FIELDS);
  }

  Map<String, JsonType> types() {
    Map<String, JsonType> types = new LinkedHashMap<>();
    PairsValidator.parse(config.getList(TYPES), ':')
        .forEach(
            (field, type) -> types.put(field, JsonType.valueOf(type.toUpperCase(Locale.ROOT))));
    return types;
  }

  /** Whether a row without metadata is an error. */
  boolean isMissingAnError() {
    return MISSINGS.parse(config.getString(MISSING)) == Missing.FAIL;
  }

  long maxRows() {
    return config.getLong(MAX_ROWS);
  }
}
