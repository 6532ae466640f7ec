package io.vectorconnect.faiss.source;

import io.vectorconnect.data.FloatArray;
import io.vectorconnect.data.VectorSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.files.FileProblem;
import io.vectorconnect.files.FileRow;
import io.vectorconnect.files.FileSourceKeys;
import io.vectorconnect.files.RowFile;
import io.vectorconnect.metadata.MetadataJoin;
import io.vectorconnect.metadata.MetadataKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** One index file. */
final class FaissFile implements RowFile {
  private final Path path;
  private final FileChannel channel;
  private final IndexRows rows;
  private final int vectorBytes;
  private final boolean arrays;
  private final Schema keySchema;
  private final Schema valueSchema;
  private final int rowsPerRead;
  private final Optional<MetadataJoin> metadata;

  private FaissFile(
      Path path,
      FileChannel channel,
      IndexParser.Index index,
      FaissSourceConfig config,
      Optional<MetadataJoin> metadata) {
    this.metadata = metadata;
    this.path = path;
    this.channel = channel;
    this.rows = index.rows();
    VectorType type = rows.codec().type();
    this.vectorBytes = rows.codec().vectorBytes();
    this.arrays = config.files().arrays() && type == VectorType.FLOAT;
    Schema vector =
        arrays
            ? FloatArray.SCHEMA
            : VectorSchema.builder(type, index.dimension())
                .parameter(VectorSchema.METRIC, index.metric())
                .build();
    String topic = config.files().topic(path);
    this.keySchema =
        SchemaBuilder.struct()
            .name(topic + ".Key")
            .field(config.idField(), Schema.INT64_SCHEMA)
            .build();
    SchemaBuilder value =
        SchemaBuilder.struct()
            .name(topic + ".Value")
            .field(config.idField(), Schema.INT64_SCHEMA)
            .field(config.vectorField(), vector);
    metadata.ifPresent(join -> addFields(value, join));
    this.valueSchema = value.build();
    long metadataBytes = metadata.map(MetadataJoin::rowBytes).orElse(0L);
    this.rowsPerRead = config.files().rowsPerRead(vectorBytes + Long.BYTES + metadataBytes);
  }

  private static void addFields(SchemaBuilder value, MetadataJoin join) {
    join.fields()
        .forEach(
            (name, schema) -> {
              if (value.field(name) != null) {
                throw new FileProblem(
                    MetadataKeys.FILE,
                    "Field %s of the metadata has the name of the id's or the vector's; rename that one"
                        .formatted(name));
              }
              value.field(name, schema);
            });
  }

  /**
   * Opens a file.
   *
   * @throws FileProblem when it is no index, or of a kind that is not read
   */
  static FaissFile open(Path path, FaissSourceConfig config, Optional<MetadataJoin> metadata) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path);
      IndexParser.Index index = new IndexParser(channel).parse();
      if (index.lossy().isPresent() && !config.isReconstructing()) {
        throw new FileProblem(
            FaissSourceConfig.RECONSTRUCT,
            "File %s cannot be read without loss: it holds an %s, whose vectors are quantised; set %s=true to read what Faiss reconstructs of them"
                .formatted(path, index.lossy().get(), FaissSourceConfig.RECONSTRUCT));
      }
      if (!index.rows().hasIds() && metadata.isPresent() && config.isMetadataShared()) {
        throw new FileProblem(
            MetadataKeys.FILE,
            "File %s has no ids, and its row numbers would meet those of other files in one metadata file; give each its own by ${file} in %s"
                .formatted(path, MetadataKeys.FILE));
      }
      if (!index.rows().hasIds() && config.files().isTopicShared()) {
        throw new FileProblem(
            FileSourceKeys.PATH,
            "File %s has no ids, and its row numbers would meet those of other files in one topic; leave topic empty, or wrap the index in an IndexIDMap"
                .formatted(path));
      }
      return new FaissFile(path, channel, index, config, metadata);
    } catch (FileProblem e) {
      close(channel, metadata);
      throw e;
    } catch (IOException e) {
      close(channel, metadata);
      throw new FileProblem(
          FileSourceKeys.PATH,
          "File %s is no Faiss index that can be read: %s".formatted(path, e.getMessage()),
          e);
    }
  }

  @Override
  public long rows() {
    return rows.count();
  }

  @Override
  public Optional<Ids> ids() {
    return rows.hasIds() ? Optional.of(this::readIds) : Optional.empty();
  }

  private Object[] readIds(long first, int count) {
    long[] ids = new long[count];
    try {
      rows.readIds(first, ids);
    } catch (IOException e) {
      throw unreadable(first, count, e);
    }
    return Arrays.stream(ids).boxed().toArray();
  }

  private FileProblem unreadable(long first, int count, IOException e) {
    return new FileProblem(
        FileSourceKeys.PATH,
        "File %s, rows %d to %d cannot be read: %s"
            .formatted(path, first, first + count - 1, e.getMessage()),
        e);
  }

  @Override
  public List<FileRow> read(long first) {
    int count = (int) Math.min(rowsPerRead, rows() - first);
    long[] ids = new long[count];
    byte[] vectors = new byte[count * vectorBytes];
    try {
      rows.read(first, ids, vectors);
    } catch (IOException e) {
      throw unreadable(first, count, e);
    }
    Optional<Object[][]> fields = metadata.map(join -> join(join, first, ids));
    List<FileRow> read = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] vector = Arrays.copyOfRange(vectors, i * vectorBytes, (i + 1) * vectorBytes);
      Struct value =
          new Struct(valueSchema)
              .put(valueSchema.fields().get(0), ids[i])
              .put(valueSchema.fields().get(1), arrays ? FloatArray.of(vector) : vector);
      if (fields.isPresent()) {
        Object[] more = fields.get()[i];
        for (int field = 0; field < more.length; field++) {
          value.put(valueSchema.fields().get(2 + field), more[field]);
        }
      }
      read.add(new FileRow(new Struct(keySchema).put(keySchema.fields().get(0), ids[i]), value));
    }
    return read;
  }

  private Object[][] join(MetadataJoin join, long first, long[] ids) {
    OptionalInt missing = join.missing(ids);
    if (missing.isPresent()) {
      throw new FileProblem(
          MetadataKeys.FILE,
          "File %s, row %d: its id is not in the metadata file; add it, or leave such fields null by %s=null"
              .formatted(path, first + missing.getAsInt(), MetadataKeys.MISSING));
    }
    return join.read(ids);
  }

  @Override
  public void close() {
    close(channel, metadata);
  }

  private static void close(FileChannel channel, Optional<MetadataJoin> metadata) {
    metadata.ifPresent(MetadataJoin::close);
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
