package io.vectorconnect.transforms;

import static io.vectorconnect.transforms.Rows.hex;
import static io.vectorconnect.transforms.Rows.packed;
import static io.vectorconnect.transforms.Rows.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.data.LittleEndian;
import io.vectorconnect.data.VectorType;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was unpacked and packed again has the same bits, in every form and of every type. */
class RoundTripTest {
  @Property(tries = 400)
  void arraysComeBack(
      @ForAll VectorType type,
      @ForAll @IntRange(min = 1, max = 300) int dimension,
      @ForAll long seed) {
    comesBack("array", type, dimension, random(type, dimension, seed));
  }

  @Property(tries = 400)
  void debeziumsTypesComeBack(
      @ForAll VectorType type,
      @ForAll @IntRange(min = 1, max = 300) int dimension,
      @ForAll long seed) {
    comesBack("debezium", type, dimension, random(type, dimension, seed));
  }

  @Property(tries = 400)
  void textComesBack(
      @ForAll VectorType type,
      @ForAll @IntRange(min = 1, max = 300) int dimension,
      @ForAll long seed) {
    comesBack("text", type, dimension, finite(type, random(type, dimension, seed)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"array", "text", "debezium"})
  void emptySparseVectorsComeBack(String format) {
    comesBack(format, VectorType.SPARSE, 9, new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"array", "text", "debezium"})
  void zerosOfBothSignsAndSubnormalsComeBack(String format) {
    comesBack(format, VectorType.FLOAT, 4, hex("00000000 00000080 01000000 01000080"));
    comesBack(format, VectorType.FLOAT16, 4, hex("0000 0080 0100 0180"));
    comesBack(format, VectorType.BFLOAT16, 4, hex("0000 0080 0100 0180"));
    comesBack(format, VectorType.SPARSE, 4, hex("00000000 00000000 03000000 00000080"));
  }

  /** Which bits a NaN has, a float32 array tells too. */
  @Test
  void aNanKeepsItsPayloadInFloatArrays() {
    byte[] bytes = hex("0100c07f 5634d2ff");
    assertThat(again("array", VectorType.FLOAT, 2, bytes)).isEqualTo(bytes);
  }

  private static void comesBack(String format, VectorType type, int dimension, byte[] bytes) {
    assertThat(quiet(type, again(format, type, dimension, bytes))).isEqualTo(quiet(type, bytes));
  }

  private static byte[] again(String format, VectorType type, int dimension, byte[] bytes) {
    Schema schema = packed(type, dimension);
    SinkRecord unpacked = Rows.unpack(format).apply(record(schema, bytes));
    assertThat(VectorType.of(unpacked.valueSchema().field("v").schema())).isEmpty();
    String declaration = "v:%d:%s".formatted(dimension, type.name().toLowerCase(Locale.ROOT));
    SinkRecord packed = Rows.pack(declaration).apply(unpacked);
    assertThat(packed.valueSchema().field("v").schema()).isEqualTo(schema);
    return (byte[]) ((Struct) packed.value()).get("v");
  }

  private static byte[] random(VectorType type, int dimension, long seed) {
    Random random = new Random(seed);
    if (type == VectorType.SPARSE) {
      return sparse(dimension, random);
    }
    byte[] bytes = new byte[type.packedLength(dimension)];
    random.nextBytes(bytes);
    if (type == VectorType.BINARY) {
      bytes[bytes.length - 1] &= (byte) (0xFF << (bytes.length * 8 - dimension));
    }
    return bytes;
  }

  private static byte[] sparse(int dimension, Random random) {
    TreeSet<Integer> indices = new TreeSet<>();
    for (int i = random.nextInt(dimension + 1); i > 0; i--) {
      indices.add(random.nextInt(dimension));
    }
    byte[] bytes = new byte[indices.size() * 8];
    random.nextBytes(bytes);
    int at = 0;
    for (int index : indices) {
      LittleEndian.putInt(bytes, at, index);
      at += 8;
    }
    return bytes;
  }

  /** All NaNs quiet: a 64-bit register or a half makes them so, and they stay NaN. */
  private static byte[] quiet(VectorType type, byte[] bytes) {
    return mapped(
        type,
        bytes,
        (bits, exponent, fraction) ->
            (bits & exponent) == exponent && (bits & fraction) != 0
                ? bits | Integer.highestOneBit(fraction)
                : bits);
  }

  /** Another exponent for NaN and the infinities. */
  private static byte[] finite(VectorType type, byte[] bytes) {
    return mapped(
        type,
        bytes,
        (bits, exponent, fraction) ->
            (bits & exponent) == exponent ? bits & ~Integer.highestOneBit(exponent) : bits);
  }

  /** Changes the bits of one number. */
  private interface Change {
    int of(int bits, int exponent, int fraction);
  }

  private static byte[] mapped(VectorType type, byte[] bytes, Change change) {
    byte[] out = bytes.clone();
    switch (type) {
      case FLOAT, SPARSE -> {
        boolean sparse = type == VectorType.SPARSE;
        for (int at = sparse ? 4 : 0; at < out.length; at += sparse ? 8 : 4) {
          int bits = LittleEndian.getInt(out, at);
          LittleEndian.putInt(out, at, change.of(bits, 0x7F80_0000, 0x007F_FFFF));
        }
      }
      case FLOAT16, BFLOAT16 -> {
        boolean half = type == VectorType.FLOAT16;
        for (int at = 0; at < out.length; at += 2) {
          int bits = LittleEndian.getShort(out, at);
          LittleEndian.putShort(
              out, at, (short) change.of(bits, half ? 0x7C00 : 0x7F80, half ? 0x03FF : 0x007F));
        }
      }
      case INT8, BINARY -> {
        // every pattern is a number
      }
    }
    return out;
  }
}
