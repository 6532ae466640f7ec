package io.vectorconnect.hdf5.sink;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one task at a time give files of a folder their names. The system's lock works between
 * processes, and ends with them. It cannot be used between the tasks of one process, so a lock of
 * Java comes first.
 */
final class FolderLock {
  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();
  private static final String NAME = ".vectorconnect.lock";

  /** What is done while the lock is held. */
  @FunctionalInterface
  interface Action {
    boolean run() throws IOException;
  }

  private FolderLock() {}

  /** Waits for the lock of a folder, and does something while it is held. */
  static boolean holding(Path folder, Action action) throws IOException {
    Path file = folder.toAbsolutePath().normalize().resolve(NAME);
    ReentrantLock ofProcess = LOCKS.computeIfAbsent(file, path -> new ReentrantLock());
    ofProcess.lock();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock lock = channel.lock(); // until the channel is closed
      if (!lock.isValid()) {
        throw new IOException("the lock of " + file + " is not valid");
      }
      return action.run();
    } finally {
      ofProcess.unlock();
    }
  }
}
