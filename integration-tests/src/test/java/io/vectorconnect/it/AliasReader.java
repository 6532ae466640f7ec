package io.vectorconnect.it;

import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that searches through an alias all the time, by the vendor's client. */
final class AliasReader implements AutoCloseable {
  private final MilvusCollections milvus;
  private final String alias;
  private final float[] vector;
  private final List<String> seen = new ArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final CompletableFuture<Void> running;
  private volatile boolean ended;

  AliasReader(MilvusCollections milvus, String alias, float... vector) throws Exception {
    this.milvus = milvus;
    this.alias = alias;
    this.vector = vector;
    // Rows that were just inserted come into view a moment later, for reads that do not wait.
    Await.until("the rows behind " + alias, () -> !search().isEmpty());
    running = CompletableFuture.runAsync(this::run);
    awaitReads(5);
  }

  private void run() {
    while (!ended) {
      String found = search();
      synchronized (seen) {
        if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(found)) {
          seen.add(found);
        }
      }
      reads.incrementAndGet();
    }
  }

  /** The labels of the nearest rows; any error ends the reader. */
  private String search() {
    SearchResp response =
        milvus
            .client()
            .search(
                SearchReq.builder()
                    .collectionName(alias)
                    .data(List.of(new FloatVec(vector)))
                    .limit(10)
                    .outputFields(List.of("label"))
                    .consistencyLevel(ConsistencyLevel.BOUNDED)
                    .build());
    Set<String> labels = new TreeSet<>();
    response
        .getSearchResults()
        .get(0)
        .forEach(row -> labels.add(row.getEntity().get("label").toString()));
    return String.join("+", labels);
  }

  /** What was seen, each as often as it changed. */
  List<String> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** Fails when the reader has. */
  void awaitReads(int more) throws Exception {
    int enough = reads.get() + more;
    Await.until("more reads", () -> running.isDone() || reads.get() >= enough);
    if (running.isDone()) {
      running.join();
    }
  }

  @Override
  public void close() {
    ended = true;
    running.join();
  }
}
