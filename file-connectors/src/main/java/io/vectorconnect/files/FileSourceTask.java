package io.vectorconnect.files;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.source.DeliveryWatch;
import io.vectorconnect.source.ReaderLoop;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Reads files. One that is not there, or cannot be read for now, is tried again. */
public abstract class FileSourceTask extends SourceTask {
  private ReaderLoop loop;
  private DeliveryWatch delivery;

  /** The kind of file that a configuration is about. */
  protected abstract FileFormat format(Map<String, String> properties);

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    FileFormat format = format(properties);
    FilesReader reader =
        new FilesReader(
            format,
            new TaskFiles(format, properties),
            file -> FileOffsets.next(context.offsetStorageReader(), format.keys().topics(), file));
    loop = new ReaderLoop(List.of(reader), format.keys().retries(), FileSourceTask::failure);
    delivery = DeliveryWatch.of(properties, context);
  }

  static ReaderLoop.Failure failure(RuntimeException e) {
    return e instanceof UnavailableFile ? ReaderLoop.Failure.TRANSIENT : ReaderLoop.Failure.OTHER;
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    return delivery.poll(loop::poll);
  }

  @Override
  public void commitRecord(SourceRecord record, RecordMetadata metadata) {
    delivery.acknowledged();
  }

  @Override
  public void stop() {
    if (delivery != null) {
      delivery.close();
    }
    if (loop != null) {
      loop.stop();
    }
  }
}
