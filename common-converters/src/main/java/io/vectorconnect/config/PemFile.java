package io.vectorconnect.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * A file on the worker with certificates, or a private key, as text between lines of BEGIN and END
 * (RFC 7468). Whatever is wrong with it is a {@link ConfigException} on its key, which shows
 * nothing of what is in the file.
 *
 * @param key the configuration key that names the file
 * @param name the file, as the user wrote it
 */
public record PemFile(String key, String name) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([^-\r\n]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private record Block(String label, String text) {
    byte[] bytes() {
      return Base64.getMimeDecoder().decode(text);
    }
  }

  /** The file that a key names; none when the key is empty. */
  public static Optional<PemFile> of(AbstractConfig config, String key) {
    return Optional.of(config.getString(key))
        .filter(name -> !name.isEmpty())
        .map(name -> new PemFile(key, name));
  }

  /** All certificates, one at least, in the order of the file. */
  public List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks()) {
        if (block.label().endsWith("CERTIFICATE")) {
          certificates.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw unusable("certificate %d in it cannot be read".formatted(certificates.size() + 1));
    }
    if (certificates.isEmpty()) {
      throw unusable(
          "there is no certificate in it, which begins with -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }

  /**
   * The private key in it, as PKCS #8 without a password.
   *
   * @param algorithm of its public key
   */
  public PrivateKey privateKey(String algorithm) {
    List<Block> keys =
        blocks().stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
    if (keys.isEmpty()) {
      throw unusable("there is no key in it, which begins with -----BEGIN PRIVATE KEY-----");
    }
    if (!keys.get(0).label().equals("PRIVATE KEY")) {
      throw unusable(
          "its key is an %s, and has to be one of PKCS #8 without a password; convert it by openssl pkcs8 -topk8 -nocrypt"
              .formatted(keys.get(0).label()));
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(keys.get(0).bytes()));
    } catch (GeneralSecurityException | IllegalArgumentException e) { // they may tell of the key
      throw unusable("its key cannot be read, or is none of " + algorithm);
    }
  }

  private List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text());
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private String text() {
    try {
      return Files.readString(Path.of(name), StandardCharsets.ISO_8859_1); // takes any bytes
    } catch (NoSuchFileException e) {
      throw unusable("there is no such file on this worker");
    } catch (AccessDeniedException e) {
      throw unusable("the worker may not read it");
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  /** What to throw when it does not serve its purpose. */
  public ConfigException unusable(String reason) {
    return new ConfigException(key, name, "cannot be used: " + reason);
  }
}
