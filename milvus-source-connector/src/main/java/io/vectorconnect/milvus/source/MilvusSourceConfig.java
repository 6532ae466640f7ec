package io.vectorconnect.milvus.source;

import io.vectorconnect.config.EnumValidator;
import io.vectorconnect.milvus.MilvusConnection;
import io.vectorconnect.source.SourceKeys;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Every key of the source. */
final class MilvusSourceConfig extends AbstractConfig {

  /** How changes are found after the first scan. */
  enum PollStrategy {
    NEW_KEYS
  }

  static final String NOUN = "collection";
  static final String INCLUDE = NOUN + SourceKeys.INCLUDE;

  /** Milvus's own limit of rows in one answer. */
  static final int MAX_PAGE = 16_384;

  static final ConfigDef DEF =
      SourceKeys.defineScan(
          SourceKeys.defineNames(MilvusConnection.define(new ConfigDef()), NOUN),
          NOUN,
          EnumValidator.of(PollStrategy.class),
          "new_keys",
          "new_keys: rows whose primary key is greater than all keys before. Rows that are"
              + " changed, deleted, or inserted with smaller keys are not seen.",
          MAX_PAGE,
          MAX_PAGE);

  MilvusSourceConfig(Map<String, String> properties) {
    super(DEF, properties, false);
  }

  MilvusConnection connection() {
    return new MilvusConnection(this);
  }

  SourceKeys source() {
    return new SourceKeys(this, NOUN);
  }
}
