package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.files.RowFile;
import java.nio.file.Path;
import java.util.List;

/** HDF5 as a kind of file. */
record Hdf5Format(Hdf5SourceConfig config) implements FileFormat {
  @Override
  public FileSourceKeys keys() {
    return config.files();
  }

  @Override
  public List<String> extensions() {
    return List.of(".h5", ".hdf5");
  }

  @Override
  public RowFile open(Path file) {
    return Hdf5File.open(file, config);
  }
}
