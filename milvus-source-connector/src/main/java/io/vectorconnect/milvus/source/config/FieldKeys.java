package io.vectorconnect.milvus.source.config;

import io.vectorconnect.milvus.TextType;
import io.vectorconnect.source.SourceKeys;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The source's keys about the fields of a collection. */
public final class FieldKeys {
  public static final String EXCLUDE = "field.exclude.list";
  public static final String OUTPUTS = "function.output.include.list";

  private FieldKeys() {}

  /** Adds them. */
  static ConfigDef define(ConfigDef def) {
    String group = "Fields";
    return TextType.define(
        def.define(
                EXCLUDE,
                Type.LIST,
                "",
                SourceKeys.PATTERNS,
                Importance.MEDIUM,
                "Fields to leave out of the records: regular expressions that match"
                    + " collection.field, such as docs\\.scan or .*\\.scan. The primary key cannot be"
                    + " left out.",
                group,
                1,
                Width.LONG,
                "Excluded fields")
            .define(
                OUTPUTS,
                Type.LIST,
                "",
                SourceKeys.PATTERNS,
                Importance.MEDIUM,
                "Outputs of functions to read, in the same form. Without an entry here, fields that"
                    + " Milvus computes (BM25, text embedding) are not part of the records. Milvus"
                    + " does not return the outputs of BM25; validate refuses them here.",
                group,
                2,
                Width.LONG,
                "Included function outputs"),
        group,
        3,
        "Types of Milvus to publish as STRING: geometry (WKT), timestamptz (ISO 8601 in UTC, named"
            + " io.debezium.time.ZonedTimestamp), text, struct_array (JSON, named"
            + " io.debezium.data.Json). A collection with a field of a type that is not listed is"
            + " refused by name.");
  }
}
