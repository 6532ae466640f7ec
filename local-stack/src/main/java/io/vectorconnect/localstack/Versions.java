package io.vectorconnect.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of what is installed; Kafka's comes from the parent POM. */
final class Versions {
  private static final Properties ALL = load();

  static final String KAFKA = ALL.getProperty("kafka");

  /** The oldest Connect that the plugins promise to run on. */
  static final String OLDEST_CONNECT = ALL.getProperty("oldest-connect");

  static final String DEBEZIUM = ALL.getProperty("debezium");
  static final String MONGODB_CONNECTOR = ALL.getProperty("mongodb-connector");
  static final String MILVUS = ALL.getProperty("milvus");
  static final String MILVUS_LITE = ALL.getProperty("milvus-lite");
  static final String MILVUS_LITE_2 = ALL.getProperty("milvus-lite-2");
  static final String PGSERVER = ALL.getProperty("pgserver");
  static final String SEEKDB = ALL.getProperty("seekdb");
  static final String WEAVIATE = ALL.getProperty("weaviate");
  static final String DEPENDENCY_PLUGIN = ALL.getProperty("dependency-plugin");

  private Versions() {}

  private static Properties load() {
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
