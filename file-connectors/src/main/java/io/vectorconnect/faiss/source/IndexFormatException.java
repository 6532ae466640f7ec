package io.vectorconnect.faiss.source;

import java.io.IOException;
import java.io.Serial;

/** Bytes that are no index, or one that is not read. */
final class IndexFormatException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  IndexFormatException(String message) {
    super(message);
  }
}
