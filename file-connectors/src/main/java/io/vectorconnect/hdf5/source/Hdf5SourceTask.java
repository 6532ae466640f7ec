package io.vectorconnect.hdf5.source;

import io.vectorconnect.files.FileFormat;
import io.vectorconnect.files.FileSourceTask;
import java.util.Map;

/** Reads HDF5 files. */
public final class Hdf5SourceTask extends FileSourceTask {
  @Override
  protected FileFormat format(Map<String, String> properties) {
    return new Hdf5Format(new Hdf5SourceConfig(properties));
  }
}
