package io.vectorconnect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ConnectorVersionTest {

  /** Surefire runs in the module's folder, whose POM names the version of its parent. */
  @Test
  void isTheVersionOfThePom() throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    String version = pom.getElementsByTagName("version").item(0).getTextContent();
    assertThat(version).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(ConnectorVersion.get()).isEqualTo(version);
  }
}
