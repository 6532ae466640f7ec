package io.vectorconnect.faiss.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceTask;
import java.util.Map;

/** Reads Faiss index files. */
public final class FaissSourceTask extends FileSourceTask {
  @Override
  protected FileFormat format(Map<String, String> properties) {
    return new FaissFormat(new FaissSourceConfig(properties));
  }
}
