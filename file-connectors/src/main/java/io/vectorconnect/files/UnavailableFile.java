package io.vectorconnect.files;

import java.io.Serial;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file or folder that is not there, or cannot be read for now: its mount may come later. */
final class UnavailableFile extends FileProblem {
  @Serial private static final long serialVersionUID = 1;

  UnavailableFile(String message, Throwable cause) {
    super(FileSourceKeys.PATH, message, cause);
  }

  /** What a failure to read a file is: this, or a fault of the file's content. */
  static FileProblem of(Path file, FileProblem failure) {
    return isFileSystem(failure) || !Files.isReadable(file)
        ? new UnavailableFile(
            "File %s is not there, or cannot be read: %s".formatted(file, failure.getMessage()),
            failure)
        : failure;
  }

  private static boolean isFileSystem(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException) {
        return true;
      }
    }
    return false;
  }
}
