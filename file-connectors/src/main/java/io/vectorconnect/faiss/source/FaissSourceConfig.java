package io.vectorconnect.faiss.source;

import io.vectorconnect.config.CheckedConfig;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.metadata.MetadataKeys;
import java.nio.file.Files;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Every key of the source. */
final class FaissSourceConfig extends CheckedConfig {
  static final String ID_FIELD = "id.field";
  static final String VECTOR_FIELD = "vector.field";
  static final String RECONSTRUCT = "lossy.reconstruct";

  static final ConfigDef DEF =
      MetadataKeys.define(
          content(FileSourceKeys.define(new ConfigDef(), "*.faiss and *.index files")));

  private static ConfigDef content(ConfigDef def) {
    String group = FileSourceKeys.CONTENT_GROUP;
    return def.define(
            ID_FIELD,
            Type.STRING,
            "id",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The field of the id: what add_with_ids was given, or the row number.",
            group,
            1,
            Width.MEDIUM,
            "Id field")
        .define(
            VECTOR_FIELD,
            Type.STRING,
            "embedding",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The field of the vector.",
            group,
            2,
            Width.MEDIUM,
            "Vector field")
        .define(
            RECONSTRUCT,
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether indexes that hold codes instead of vectors are read (scalar and product"
                + " quantised ones): then the vectors are what Faiss's reconstruct makes of the codes,"
                + " not what was added. Otherwise they are refused.",
            group,
            3,
            Width.SHORT,
            "Read quantised indexes");
  }

  FaissSourceConfig(Map<String, String> properties) {
    super(DEF, properties);
  }

  FileSourceKeys files() {
    return new FileSourceKeys(this);
  }

  String idField() {
    return getString(ID_FIELD);
  }

  MetadataKeys metadata() {
    return new MetadataKeys(this);
  }

  /** Whether several files of rows have one metadata file. */
  boolean isMetadataShared() {
    return Files.isDirectory(files().path()) && !metadata().isFilePerFile();
  }

  /** Whether vectors may be made of codes. */
  boolean isReconstructing() {
    return getBoolean(RECONSTRUCT);
  }

  String vectorField() {
    return getString(VECTOR_FIELD);
  }
}
