package io.vectorconnect.files;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** The files that Python wrote, and what it says is in them. */
public final class Fixtures {
  private Fixtures() {}

  /** A file of the fixtures. */
  public static Path file(String name) {
    try {
      return Path.of(Fixtures.class.getResource("/fixtures/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines of a table without its header. */
  public static List<String> expected(String name) throws IOException {
    List<String> lines = Files.readAllLines(file(name));
    return lines.subList(1, lines.size());
  }

  /** The same, as cells. */
  public static List<String[]> cells(String name) throws IOException {
    return expected(name).stream().map(line -> line.split("\t")).toList();
  }

  /** Records in the form of the tables: cells as Python prints them, vectors as hex. */
  public static List<String> lines(List<SourceRecord> records) {
    List<String> lines = new ArrayList<>();
    for (SourceRecord record : records) {
      Struct value = (Struct) record.value();
      List<String> cells = new ArrayList<>();
      for (Field field : value.schema().fields()) {
        cells.add(cell(value.get(field)));
      }
      lines.add(String.join("\t", cells));
    }
    return lines;
  }

  private static String cell(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Float || value instanceof Double) {
      return hex(((Number) value).doubleValue());
    }
    return String.valueOf(value);
  }

  /**
   * Java's hexadecimal form differs from Python's in the zeros of the fraction and the exponent's
   * sign.
   */
  private static String hex(double value) {
    String text = Double.toHexString(value);
    if (value == 0) {
      return text.replace("p0", "p+0");
    }
    int point = text.indexOf('.');
    int exponent = text.indexOf('p');
    String fraction = text.substring(point + 1, exponent);
    String sign = text.charAt(exponent + 1) == '-' ? "" : "+";
    return text.substring(0, point + 1)
        + fraction
        + "0".repeat(13 - fraction.length())
        + "p"
        + sign
        + text.substring(exponent + 1);
  }

  /** Which keys have errors, and the first of each. */
  public static Map<String, String> errors(Config validated) {
    Map<String, String> errors = new java.util.TreeMap<>();
    for (ConfigValue value : validated.configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages().get(0));
      }
    }
    return errors;
  }
}
