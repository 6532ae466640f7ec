package io.vectorconnect.hdf5.source;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.data.LossyCast;
import io.vectorconnect.files.FileSourceKeys;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source. */
final class Hdf5SourceConfig extends CheckedConfig {
  static final String EMBEDDINGS = "dataset.embeddings";
  static final String IDS = "dataset.ids";
  static final String FIELDS = "dataset.fields";
  static final String VECTOR_BITS = "vector.bits";
  static final String LOSSY_CASTS = "vector.lossy.casts";
  static final String NAN = "vector.nan";
  static final String EXCLUDED = "dataset.fields.exclude";
  static final String MAX_CHUNK = "chunk.max.bytes";

  static final int DEFAULT_MAX_CHUNK = 256 << 20;

  /** In the list of fields that are left out: all of them. */
  private static final String ALL = "*";

  /** What to do with a vector that has a NaN. */
  private enum Nan {
    FAIL,
    PASS
  }

  private static final String DEFAULT_IDS = "ids";
  private static final EnumValidator<LossyCast> CASTS = EnumValidator.of(LossyCast.class);

  private static final EnumValidator<Nan> NANS = EnumValidator.of(Nan.class);

  static final ConfigDef DEF =
      content(FileSourceKeys.define(new ConfigDef(), "*.h5 and *.hdf5 files"));

  private static ConfigDef content(ConfigDef def) {
    String group = FileSourceKeys.CONTENT_GROUP;
    return def.define(
            EMBEDDINGS,
            Type.STRING,
            "embeddings",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Path of the 2-d dataset of vectors, one a row; its last part is the field's name.",
            group,
            1,
            Width.MEDIUM,
            "Vectors")
        .define(
            IDS,
            Type.STRING,
            DEFAULT_IDS,
            Importance.HIGH,
            "Path of the 1-d dataset of primary keys, whole numbers or strings; its last part is the"
                + " field's name. Empty: the row number is the key, in a field id; the same, in a"
                + " field ids, where this key has its default and the file has no such dataset.",
            group,
            2,
            Width.MEDIUM,
            "Primary keys")
        .define(
            FIELDS,
            Type.LIST,
            "",
            Importance.MEDIUM,
            "Paths of further 1-d datasets of the same length. Empty: all in the group of the vectors"
                + " that have that length.",
            group,
            3,
            Width.LONG,
            "Fields")
        .define(
            VECTOR_BITS,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether a uint8 dataset of vectors holds 8 bits an element, as numpy.packbits makes"
                + " them. Otherwise uint8 is refused.",
            group,
            4,
            Width.SHORT,
            "Bit vectors")
        .define(
            LOSSY_CASTS,
            Type.LIST,
            "",
            CASTS,
            Importance.LOW,
            "float64_to_float32: float64 vectors are rounded. Without it an element that float32 does"
                + " not hold exactly is refused.",
            group,
            5,
            Width.MEDIUM,
            "Lossy casts")
        .define(
            NAN,
            Type.STRING,
            "fail",
            NANS,
            Importance.LOW,
            "What to do with a vector that has a NaN, which no vector store takes. fail: stop with an"
                + " error that names the row. pass: publish it as it is.",
            group,
            6,
            Width.SHORT,
            "NaN",
            NANS)
        .define(
            EXCLUDED,
            Type.LIST,
            "",
            Importance.MEDIUM,
            "Where dataset.fields is empty: names of datasets in the group of the vectors that are not"
                + " read as fields. * leaves out all of them, so that records contain only the"
                + " primary key and the vector.",
            group,
            7,
            Width.LONG,
            "Fields to leave out")
        .define(
            MAX_CHUNK,
            Type.INT,
            DEFAULT_MAX_CHUNK,
            ConfigDef.Range.between(1024, Integer.MAX_VALUE - 8),
            Importance.LOW,
            "The largest chunk that is read, in bytes when it is unpacked; also the largest row of"
                + " chunks. A task's heap holds up to three times as much for each dataset. A dataset"
                + " with larger chunks is refused before any of it is read.",
            group,
            8,
            Width.SHORT,
            "Largest chunk");
  }

  Hdf5SourceConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  FileSourceKeys files() {
    return new FileSourceKeys(this);
  }

  String embeddings() {
    return getString(EMBEDDINGS);
  }

  String ids() {
    return getString(IDS);
  }

  /** Whether a missing dataset of ids is a mistake, and not just a file without ids. */
  boolean isIdsRequired() {
    return !ids().isEmpty() && !ids().equals(DEFAULT_IDS);
  }

  /** Which datasets become fields. */
  Datasets.Fields wanted() {
    Set<String> excluded = Set.copyOf(getList(EXCLUDED));
    return new Datasets.Fields(
        FIELDS,
        getList(FIELDS),
        path ->
            excluded.contains(ALL)
                || excluded.contains(path)
                || excluded.contains(path.substring(path.lastIndexOf('/') + 1)),
        "; set " + EXCLUDED + "=%s to leave it out");
  }

  /** How large a chunk may be in memory. */
  int maxChunkBytes() {
    return getInt(MAX_CHUNK);
  }

  boolean vectorBits() {
    return getBoolean(VECTOR_BITS);
  }

  boolean mayBeNan() {
    return NANS.parse(getString(NAN)) == Nan.PASS;
  }

  boolean mayRound() {
    return CASTS.parseAll(getList(LOSSY_CASTS)).contains(LossyCast.FLOAT64_TO_FLOAT32);
  }
}
