package io.vectorconnect.hdf5.source;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.exceptions.HdfException;
import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.hdf5.format.FileBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file. Whatever jHDF throws because of what is in the file leaves here as a {@link
 * FileProblem} that names the file and the dataset: it trusts lengths and addresses, so a damaged
 * file can make it throw anything.
 *
 * @param channel the same file once more, for what jHDF does not have to read
 * @param size bytes of the file when it was opened
 * @param maxChunkBytes how large a chunk may be in memory
 */
record HdfHandle(Path path, HdfFile hdf, FileChannel channel, long size, int maxChunkBytes)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HdfHandle.class);

  /**
   * Opens a file, and makes something of it; closes it if that fails.
   *
   * @throws FileProblem when it is no HDF5 file, is damaged, or the function throws one
   */
  static <T> T open(Path path, int maxChunkBytes, Function<HdfHandle, T> use) {
    HdfHandle handle = null;
    try {
      handle = open(path, maxChunkBytes);
      return use.apply(handle);
    } catch (FileProblem e) {
      close(handle);
      throw e;
    } catch (RuntimeException
        | IOException
        | InternalError
        | OutOfMemoryError
        | StackOverflowError e) {
      close(handle);
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s cannot be read as HDF5, or is damaged: %s".formatted(path, e),
          e);
    }
  }

  private static HdfHandle open(Path path, int maxChunkBytes) throws IOException {
    FileChannel channel = FileChannel.open(path);
    HdfFile hdf = null;
    try {
      hdf = hdf(path, channel);
      long end = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
      if (end > channel.size()) {
        throw new FileProblem(
            FileSourceKeys.PATH,
            "File %s is truncated: it has %d bytes, expected %d"
                .formatted(path, channel.size(), end));
      }
      return new HdfHandle(path, hdf, channel, channel.size(), maxChunkBytes);
    } catch (RuntimeException | IOException | OutOfMemoryError | StackOverflowError e) {
      close(new HdfHandle(path, hdf, channel, channel.size(), maxChunkBytes));
      throw e;
    }
  }

  /**
   * jHDF takes memory by lengths in the file before it reads, but not where it has the whole file
   * as a buffer: then a length beyond the file is an error at once. A buffer ends at 2 GiB.
   */
  private static HdfFile hdf(Path path, FileChannel channel) throws IOException {
    return channel.size() <= Integer.MAX_VALUE
        ? HdfFile.fromByteBuffer(channel.map(MapMode.READ_ONLY, 0, channel.size()))
        : new HdfFile(path);
  }

  /** The bytes of the file by its addresses. */
  FileBytes bytes() {
    Superblock superblock = hdf.getHdfBackingStorage().getSuperblock();
    return new FileBytes(
        channel,
        hdf.getUserBlockSize(),
        size,
        superblock.getSizeOfOffsets(),
        superblock.getSizeOfLengths());
  }

  /**
   * The values of some rows of a column.
   *
   * @throws FileProblem when they cannot be read, or no field holds one
   */
  Object[] read(Column column, long first, int count) {
    try {
      return column.read(first, count);
    } catch (DataException e) {
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s, dataset %s, %s".formatted(path, column.path(), e.getMessage()),
          e);
    } catch (RuntimeException
        | IOException
        | InternalError
        | OutOfMemoryError
        | StackOverflowError e) {
      // An InternalError is how a mapped file says that it was cut short.
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s, dataset %s, rows %d to %d cannot be read; the file is damaged, or being written: %s"
              .formatted(
                  path,
                  column.path(),
                  first,
                  first + count - 1,
                  e instanceof HdfException ? e.getMessage() : e),
          e);
    }
  }

  @Override
  public void close() {
    close(this);
  }

  private static void close(HdfHandle handle) {
    try {
      if (handle != null) {
        handle.channel.close();
        if (handle.hdf != null) {
          handle.hdf.close();
        }
      }
    } catch (IOException | RuntimeException e) {
      log.warn("Closing a file failed: {}", e.toString());
    }
  }
}
