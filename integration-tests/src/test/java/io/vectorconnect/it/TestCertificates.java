package io.vectorconnect.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority of the JDK's keytool, and certificates that it signs. */
final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");

  private final Path folder;
  private int servers;

  /** Makes an authority; its files go into a folder of its own. */
  TestCertificates(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    keytool(
        store("ca"),
        "-genkeypair",
        "-alias",
        "ca",
        "-dname",
        "CN=Test CA",
        "-ext",
        "bc:c",
        "-keyalg",
        "EC",
        "-validity",
        "2");
    keytool(store("ca"), "-exportcert", "-rfc", "-alias", "ca", "-file", caFile().toString());
  }

  /** The authority's own certificate, as PEM. */
  Path caFile() {
    return folder.resolve("ca.pem");
  }

  /**
   * What a server needs to prove its name.
   *
   * @param names such as {@code ip:127.0.0.1,dns:localhost}
   */
  SSLContext server(String names) throws IOException, GeneralSecurityException {
    Path store = store("server" + servers++);
    keyPair(store, "EC");
    sign(store, names);
    return context(store);
  }

  /**
   * The same for a server that reads PEM.
   *
   * @return a folder with ca.pem, server-cert.pem and server-key.pem
   */
  Path serverFiles(String names) throws IOException, GeneralSecurityException {
    Path store = store("server" + servers++);
    keyPair(store, "RSA"); // the JDK writes EC keys without the point, which rustls wants
    sign(store, names);
    KeyStore keys = load(store);
    pem("server-cert", "CERTIFICATE", keys.getCertificate("server").getEncoded());
    pem("server-key", "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    return folder;
  }

  private void pem(String file, String kind, byte[] content) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        folder.resolve(file + ".pem"),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, lines));
  }

  private static void keyPair(Path store, String algorithm) throws IOException {
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "server",
        "-dname",
        "CN=Test server",
        "-keyalg",
        algorithm,
        "-validity",
        "2");
  }

  private void sign(Path store, String names) throws IOException {
    String request = folder.resolve("request").toString();
    String answer = folder.resolve("answer").toString();
    keytool(store, "-certreq", "-alias", "server", "-file", request);
    keytool(
        store("ca"),
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-ext",
        "san=" + names,
        "-infile",
        request,
        "-outfile",
        answer);
    keytool(store, "-importcert", "-noprompt", "-alias", "ca", "-file", caFile().toString());
    keytool(store, "-importcert", "-alias", "server", "-file", answer);
  }

  private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = load(file);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private Path store(String name) {
    return folder.resolve(name + ".p12");
  }

  private static void keytool(Path store, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(KEYTOOL.toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
