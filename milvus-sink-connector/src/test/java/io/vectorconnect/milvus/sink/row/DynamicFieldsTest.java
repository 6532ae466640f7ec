package io.vectorconnect.milvus.sink.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicFieldsTest {
  private static String encode(Map<String, ?> row) {
    Change change = Change.of(new SinkRecord("t", 0, null, null, null, row, 0));
    byte[] document =
        new DynamicFields(RecordField.ofRow(change), Set.of("id", "v")).encode(change);
    return new String(document, StandardCharsets.UTF_8);
  }

  @Test
  void whatMilvusKeepsIsLeftAsItIs() {
    assertThat(encode(Map.of("$meta", "{\"a\":{\"$meta\":1,\"id\":2},\"n\":1e308}")))
        .isEqualTo("{\"a\":{\"$meta\":1,\"id\":2},\"n\":1e308}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"$meta\":{\"z\":1}} | $meta has a field $meta in itself",
        "{\"id\":5}            | $meta has a field id, and the collection has",
        "{\"a\":1,\"v\":[9]}   | $meta has a field v, and the collection has",
        "{\"a\":[1e400]}       | a number beyond the range",
        "[1]                   | expected a JSON object",
        "{bad                  | no JSON document"
      })
  void whatMilvusCannotKeepIsTheRecordsOwnError(String meta, String reason) {
    assertThatThrownBy(() -> encode(Map.of("$meta", meta)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(reason);
    assertThatThrownBy(() -> encode(Map.of("$meta", meta, "other", 1L)))
        .isInstanceOf(DataException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1e400}", "-1e999", "[{\"a\":[1E400]}]"})
  void aJsonFieldTakesNoNumberThatADoubleCannotHold(String document) {
    assertThatThrownBy(() -> JsonText.encoder(null).encode(document))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a number beyond the range")
        .hasMessageNotContaining("400");
  }
}
