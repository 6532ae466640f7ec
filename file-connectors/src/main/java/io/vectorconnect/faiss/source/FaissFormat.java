package io.vectorconnect.faiss.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.files.RowFile;
import java.nio.file.Path;
import java.util.List;

/** Faiss indexes as a kind of file. */
record FaissFormat(FaissSourceConfig config) implements FileFormat {
  @Override
  public FileSourceKeys keys() {
    return config.files();
  }

  @Override
  public List<String> extensions() {
    return List.of(".faiss", ".index");
  }

  @Override
  public RowFile open(Path file) {
    return FaissFile.open(file, config);
  }
}
