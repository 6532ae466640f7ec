package io.vectorconnect.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What numpy made, see src/test/fixtures/make_fixtures.py. */
final class Fixtures {
  private Fixtures() {}

  /** A packed vector, and its elements as decimal numbers. */
  record Vector(VectorType type, PackedVector packed, float[] elements) {
    @Override
    public String toString() {
      return type + "(" + elements.length + ")";
    }
  }

  /** A bit vector as PostgreSQL prints it, as np.packbits packs it, and as Debezium sends it. */
  record Bits(int dimension, String text, byte[] packed, byte[] debezium) {
    @Override
    public String toString() {
      return text;
    }
  }

  static ByteBuffer buffer(String name) {
    return ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
  }

  static List<Vector> vectors() {
    return lines("vectors.csv").map(Fixtures::vector).toList();
  }

  static List<Bits> bits() {
    return lines("bits.csv")
        .map(
            line ->
                new Bits(Integer.parseInt(line[0]), line[1], fromHex(line[2]), fromHex(line[3])))
        .toList();
  }

  /** A float, and its shortest decimal. */
  record Shortest(float value, String text) {}

  static List<Shortest> shortest() {
    return lines("shortest.csv")
        .map(line -> new Shortest(Float.intBitsToFloat(HexFormat.fromHexDigits(line[0])), line[1]))
        .toList();
  }

  private static Vector vector(String[] line) {
    VectorType type = VectorType.valueOf(line[0]);
    String[] texts = line[3].split(",", -1);
    float[] elements = new float[texts.length];
    for (int i = 0; i < texts.length; i++) {
      elements[i] = (float) Double.parseDouble(texts[i]);
    }
    return new Vector(
        type, new PackedVector(type, Integer.parseInt(line[1]), fromHex(line[2])), elements);
  }

  private static Stream<String[]> lines(String name) {
    return Arrays.stream(new String(bytes(name), StandardCharsets.US_ASCII).split("\n", -1))
        .filter(line -> !line.isEmpty())
        .map(line -> line.split(";", -1));
  }

  private static byte[] fromHex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
