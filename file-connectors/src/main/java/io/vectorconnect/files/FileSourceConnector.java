package io.vectorconnect.files;

import io.vectorconnect.config.ConnectorVersion;
import io.vectorconnect.config.Problem;
import io.vectorconnect.source.Decisions;
import io.vectorconnect.source.DeliveryWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Shares files among tasks. */
public abstract class FileSourceConnector extends SourceConnector {
  /** So many files are opened by {@link #validate}; enough to see a mistake, and soon done. */
  private static final int VALIDATED = 20;

  private Map<String, String> properties;
  private FileFormat format;
  private Decisions decisions;

  /** The kind of file that a configuration is about. */
  protected abstract FileFormat format(Map<String, String> properties);

  @Override
  public String version() {
    return ConnectorVersion.get();
  }

  /** Checks the keys, and then, if each is right by itself, the files that they name. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    return Problem.addTo(
        super.validate(connectorConfigs), connectorConfigs, () -> problem(connectorConfigs));
  }

  private Optional<Problem> problem(Map<String, String> connectorConfigs) {
    try {
      check(format(connectorConfigs));
      return Optional.empty();
    } catch (FileProblem e) {
      return Optional.of(new Problem(e.key(), e.getMessage()));
    }
  }

  private static void check(FileFormat format) {
    FileSourceKeys keys = format.keys();
    List<Path> files = new FileSet(keys.path(), format.extensions()).list();
    keys.topics().check(files);
    if (keys.follow()) {
      return; // files may come later, or be in the making
    }
    if (files.isEmpty()) {
      throw new FileProblem(
          FileSourceKeys.PATH,
          "Folder %s has no files that end with %s"
              .formatted(keys.path(), String.join(" or ", format.extensions())));
    }
    for (Path file : files.subList(0, Math.min(files.size(), VALIDATED))) {
      format.open(file).close();
    }
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
    DeliveryWatch.register(name(), e -> context().raiseError(e));
    try {
      format = format(props);
    } catch (ConfigException e) {
      throw new ConnectException(e.getMessage(), e);
    }
    decisions =
        new Decisions(
            context(),
            format.keys().retries().retryTimeout(),
            UnavailableFile.class::isInstance,
            () -> false);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return decisions.make(() -> TaskFiles.configs(format, properties, maxTasks));
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return ExactlyOnceSupport.SUPPORTED; // an offset names the last row published, exactly
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) ->
            FileOffsets.problem(partition, offset)
                .ifPresent(
                    problem -> {
                      throw new ConnectException(problem);
                    }));
    return true;
  }

  private String name() {
    return properties.getOrDefault("name", "");
  }

  @Override
  public void stop() {
    if (properties != null) {
      DeliveryWatch.unregister(name());
    }
    if (decisions != null) {
      decisions.close();
    }
  }
}
