package io.vectorconnect.benchmarks;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryResults;
import io.vectorconnect.localstack.Component;
import io.vectorconnect.localstack.MilvusServer;
import io.vectorconnect.milvus.Freshness;
import io.vectorconnect.milvus.source.MilvusSourceConnector;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The Milvus source's task, whose records are counted, beside a bare loop of queries by key that
 * counts bytes.
 */
final class MilvusSource implements Benchmark {
  static final String COLLECTION = "benchmark";

  @Override
  public String name() {
    return "milvus-source";
  }

  @Override
  public Set<Component> services() {
    return Set.of(Component.MILVUS);
  }

  @Override
  public List<String> connectors() {
    return List.of();
  }

  @Override
  public Rounds prepare(Bench bench) throws Exception {
    Options options = bench.options();
    MilvusServer server = bench.stack().milvus();
    MilvusCollection collection = filled(server, COLLECTION, options.rows(), options.dimension());
    return new Rounds() {
      @Override
      public Duration raw(int round) {
        return query(collection, options);
      }

      @Override
      public Duration ours(int round) throws Exception {
        return scan(server, COLLECTION, options.rows(), options);
      }

      @Override
      public void close() {
        collection.close();
      }
    };
  }

  /** A collection whose rows lie in segments on disk. */
  static MilvusCollection filled(MilvusServer server, String name, int rows, int dimension) {
    MilvusCollection collection = new MilvusCollection(server, name, dimension);
    collection.create();
    VectorRows maker = new VectorRows(dimension);
    int part = 5_000; // so that not all rows stand in memory at once
    for (int from = 0; from < rows; from += part) {
      List<VectorRows.Row> made =
          LongStream.range(from, Math.min(rows, from + part)).mapToObj(maker::row).toList();
      MilvusCollection.columns(made, dimension).forEach(collection::insert);
    }
    collection.flush();
    if (collection.count() != rows) {
      throw new IllegalStateException(
          "expected %,d rows, the collection has %,d".formatted(rows, collection.count()));
    }
    return collection;
  }

  /** The time of our scan of a collection. */
  static Duration scan(MilvusServer server, String collection, int rows, Options options)
      throws Exception {
    Map<String, String> config = new HashMap<>(MilvusCollection.connection(server));
    config.put("name", "milvus-source");
    config.put("collection.include.list", collection);
    config.put("mode", "snapshot");
    config.putAll(options.config());
    return new SourceRun(new MilvusSourceConnector()).time(config, rows);
  }

  /** Pages of the same size as the source's come to. */
  private static Duration query(MilvusCollection collection, Options options) {
    int page = Math.max(1, Math.min(16_384, (8 << 20) / (options.dimension() * Float.BYTES)));
    long begin = System.nanoTime();
    long last = -1;
    long rows = 0;
    long bytes = 0;
    while (true) {
      QueryResults results =
          collection
              .stub()
              .page(
                  COLLECTION,
                  List.of(),
                  VectorRows.KEY + " > " + last,
                  List.of(),
                  page,
                  Freshness.BOUNDED);
      LongArray keys = keys(results);
      if (keys.getDataCount() == 0) {
        break;
      }
      last = keys.getData(keys.getDataCount() - 1);
      rows += keys.getDataCount();
      bytes += results.getSerializedSize();
    }
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    long expected = (long) options.rows() * options.dimension() * Float.BYTES;
    if (rows != options.rows() || bytes < expected) {
      throw new IllegalStateException(
          "expected %,d rows, got %,d in %,d bytes".formatted(options.rows(), rows, bytes));
    }
    return time;
  }

  private static LongArray keys(QueryResults results) {
    return results.getFieldsDataList().stream()
        .filter(column -> column.getFieldName().equals(VectorRows.KEY))
        .map(FieldData::getScalars)
        .findFirst()
        .map(scalars -> scalars.getLongData())
        .orElse(LongArray.getDefaultInstance());
  }
}
