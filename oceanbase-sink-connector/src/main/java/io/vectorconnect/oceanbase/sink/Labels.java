package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.row.ScalarReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;

/**
 * The labels of an ENUM or a SET. A value has to be one of them to the letter: the server would
 * also take a label's number, or another case or more spaces at the end, for the label.
 */
final class Labels {
  private static final String SEPARATOR = ",";

  private final Set<String> labels;
  private final String declaration;

  private Labels(List<String> labels, String declaration) {
    this.labels = new HashSet<>(labels);
    this.declaration = declaration;
  }

  /** The labels that a column's declaration lists. */
  static Labels of(Column column) {
    List<String> labels = parse(column.declaration());
    if (labels.isEmpty()) {
      throw new DataException("the labels of the column cannot be read; use a VARCHAR column");
    }
    return new Labels(labels, column.declaration());
  }

  /**
   * Texts in quotes. The server prints a quote inside of a label as it is (seekdb 1.4.0), where
   * others double it: both readings count, as the server refuses what is no label of its own.
   */
  private static List<String> parse(String declaration) {
    int from = declaration.indexOf("('");
    int to = declaration.lastIndexOf("')");
    if (from < 0 || to < from + 2) {
      return List.of();
    }
    List<String> labels = new ArrayList<>();
    for (String label : declaration.substring(from + 2, to).split("','", -1)) {
      labels.add(label);
      labels.add(label.replace("''", "'"));
    }
    return labels;
  }

  /** Encodes one label. */
  ValueEncoder one() {
    return value -> require(ScalarReader.expect(String.class, value, declaration));
  }

  /** Encodes labels that are separated by commas, each at most once; none at all as empty text. */
  ValueEncoder some() {
    return value -> {
      String text = ScalarReader.expect(String.class, value, declaration);
      Set<String> seen = new HashSet<>();
      for (String label : text.isEmpty() ? new String[0] : text.split(SEPARATOR, -1)) {
        if (!seen.add(require(label))) {
          throw new DataException(
              "the text has a label of %s twice; correct the record".formatted(declaration));
        }
      }
      return text;
    };
  }

  private String require(String label) {
    if (!labels.contains(label)) {
      throw new DataException(
          "the text is no label of %s to the letter; correct the record, or add the label"
              .formatted(declaration));
    }
    return label;
  }
}
