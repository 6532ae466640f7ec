package io.vectorconnect.faiss.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.files.RowFile;
import io.vectorconnect.metadata.Metadata;
import io.vectorconnect.metadata.MetadataJoin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Faiss indexes as a kind of file. */
final class FaissFormat implements FileFormat {
  private final FaissSourceConfig config;

  /** The one that was scanned last: several index files often share it. */
  private Optional<Metadata> scanned = Optional.empty();

  FaissFormat(FaissSourceConfig config) {
    this.config = config;
  }

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
    return FaissFile.open(file, config, join(file));
  }

  private Optional<MetadataJoin> join(Path file) {
    return config
        .metadata()
        .file(file)
        .map(path -> new MetadataJoin(scan(path), config.metadata()));
  }

  private synchronized Metadata scan(Path path) {
    Optional<Metadata> known = scanned.filter(m -> m.path().equals(path) && m.isCurrent());
    scanned = Optional.empty(); // so that two are never held at once
    Metadata metadata = known.orElseGet(() -> Metadata.scan(path, config.metadata()));
    scanned = Optional.of(metadata);
    return metadata;
  }
}
