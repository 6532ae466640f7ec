package io.vectorconnect.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of the JDK's keytool, and certificates that it signs. */
final class TestCertificates {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");

  private final Path folder;
  private final Path caFile;
  private int signed;
  private int files;

  /** The files by which a client proves who it is, as PEM. */
  record Client(Path certificate, Path key) {}

  /** A key, with its certificate and the authority's. */
  private record Identity(Key key, Certificate[] chain) {}

  /** Makes an authority; its files go into a folder of its own. */
  TestCertificates(Path folder) throws IOException, GeneralSecurityException {
    this.folder = Files.createDirectories(folder);
    generate("ca", "-ext", "bc:c");
    caFile = pem("CERTIFICATE", load().getCertificate("ca").getEncoded());
  }

  /** The authority's own certificate, as PEM. */
  Path caFile() {
    return caFile;
  }

  /**
   * What a server needs to prove its name; clients are to prove theirs by this authority, where
   * they are asked to.
   *
   * @param names such as {@code ip:127.0.0.1,dns:localhost}
   */
  SSLContext server(String names) throws IOException, GeneralSecurityException {
    return context(sign("-ext", "san=" + names));
  }

  /** The same, with a certificate that ended yesterday. */
  SSLContext expiredServer(String names) throws IOException, GeneralSecurityException {
    return context(sign("-ext", "san=" + names, "-startdate", "-3d"));
  }

  /** A client with a certificate of this authority. */
  Client client() throws IOException, GeneralSecurityException {
    Identity client = sign();
    return new Client(
        pem("CERTIFICATE", client.chain()[0].getEncoded()),
        pem("PRIVATE KEY", client.key().getEncoded()));
  }

  /**
   * What a server needs that reads files. The key is RSA: the JDK writes keys on elliptic curves
   * without their public point, which rustls wants.
   *
   * @return a folder with ca.pem, server-cert.pem and server-key.pem
   */
  Path serverFiles(String names) throws IOException, GeneralSecurityException {
    Identity server = sign("-ext", "san=" + names, "-keyalg", "RSA");
    Path wallet = Files.createDirectory(folder.resolve("files" + files++));
    Files.copy(caFile, wallet.resolve("ca.pem"));
    Files.move(
        pem("CERTIFICATE", server.chain()[0].getEncoded()), wallet.resolve("server-cert.pem"));
    Files.move(pem("PRIVATE KEY", server.key().getEncoded()), wallet.resolve("server-key.pem"));
    return wallet;
  }

  private Path pem(String label, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(content);
    return Files.writeString(
        folder.resolve("file" + files++ + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, text, label));
  }

  private Identity sign(String... options) throws IOException, GeneralSecurityException {
    String alias = "signed" + signed++;
    List<String> all = new ArrayList<>(List.of("-signer", "ca"));
    all.addAll(List.of(options));
    generate(alias, all.toArray(String[]::new));
    KeyStore store = load();
    return new Identity(store.getKey(alias, PASSWORD), store.getCertificateChain(alias));
  }

  private static SSLContext context(Identity server) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", server.key(), PASSWORD, server.chain());
    store.setCertificateEntry("ca", server.chain()[1]);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private Path store() {
    return folder.resolve("store.p12");
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  /** Adds a key and its certificate, good for two days, to the store. */
  private void generate(String alias, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(KEYTOOL.toString(), "-genkeypair"));
    command.addAll(List.of("-alias", alias, "-dname", "CN=Test " + alias, "-validity", "2"));
    command.addAll(List.of("-storetype", "PKCS12"));
    if (!List.of(options).contains("-keyalg")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    }
    command.addAll(List.of("-keystore", store().toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(options));
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
