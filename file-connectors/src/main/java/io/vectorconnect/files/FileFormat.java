package io.vectorconnect.files;

import java.nio.file.Path;
import java.util.List;

/** What a source of files has to know about its kind of file. */
public interface FileFormat {
  /** The keys that all sources of files have. */
  FileSourceKeys keys();

  /** How the names of such files end, in lower case; decides which files of a folder are read. */
  List<String> extensions();

  /**
   * Opens a file and checks that it can be read as configured.
   *
   * @throws FileProblem when it cannot
   */
  RowFile open(Path file);
}
