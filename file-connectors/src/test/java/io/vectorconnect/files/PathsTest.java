package io.vectorconnect.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.faiss.source.FaissSourceConnector;
import io.vectorconnect.hdf5.sink.Hdf5SinkConnector;
import io.vectorconnect.hdf5.source.Hdf5SourceConnector;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a user writes as a path is answered on its key. */
class PathsTest {
  static Stream<Arguments> paths() {
    return Stream.of(
        Arguments.of(new Hdf5SourceConnector(), "file.path", "a\0b"),
        Arguments.of(new FaissSourceConnector(), "file.path", "a\0b"),
        Arguments.of(new FaissSourceConnector(), "metadata.file", "a\0b"),
        Arguments.of(new FaissSourceConnector(), "metadata.file", "/"),
        Arguments.of(new Hdf5SinkConnector(), "file.path", "a\0b"),
        Arguments.of(new Hdf5SinkConnector(), "file.path", ""));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void textThatIsNoPathIsReportedOnItsKey(Connector connector, String key, String path) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "files");
    config.put("file.path", Fixtures.file("faiss/idmap.faiss").toString());
    config.put(key, path);
    assertThat(connector.validate(config).configValues())
        .filteredOn(value -> !value.errorMessages().isEmpty())
        .extracting(ConfigValue::name)
        .containsExactly(key);
  }
}
