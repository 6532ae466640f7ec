package io.vectorconnect.files;

import java.util.List;
import java.util.Optional;

/** An open file of numbered rows; used by one thread. */
public interface RowFile extends AutoCloseable {
  /** The number of rows when it was opened. */
  long rows();

  /**
   * Some rows from {@code first} on: at least one, as many as the configuration allows at once.
   *
   * @param first a row number from 0, less than {@link #rows}
   * @throws FileProblem when the file is damaged there, or holds what no record can
   */
  List<FileRow> read(long first);

  /** The primary keys of the rows; nothing where row numbers are the keys. */
  Optional<Ids> ids();

  /** Reads primary keys without the rest of the rows. */
  @FunctionalInterface
  interface Ids {
    /**
     * The keys of some rows, each a Long or a String.
     *
     * @throws FileProblem when the file is damaged there
     */
    Object[] read(long first, int count);
  }

  @Override
  void close();
}
