package io.vectorconnect.it.milvus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The journals of all collections. A read never meets a write that is not yet in its journal. */
final class Journals {
  private final Map<Long, Journal> journals = new ConcurrentHashMap<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

  /** The journal of a collection, by its number, which a later one of its name does not have. */
  Journal of(long collectionId) {
    return journals.computeIfAbsent(collectionId, id -> new Journal());
  }

  void compact() {
    writing(
        () -> {
          journals.values().forEach(Journal::compact);
          return true;
        });
  }

  <T> T writing(Supplier<T> work) {
    lock.writeLock().lock();
    try {
      return work.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  <T> T reading(Supplier<T> work) {
    lock.readLock().lock();
    try {
      return work.get();
    } finally {
      lock.readLock().unlock();
    }
  }
}
