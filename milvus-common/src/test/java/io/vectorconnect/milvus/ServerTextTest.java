package io.vectorconnect.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTextTest {

  /** As 2.3.5 and later servers put it; 4711 and the words of "Mary O'Neil" are the values. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to create expr plan, expr = id in [\"Mary O'Neil\"]",
        "cannot parse expression: id in [4711], error: value '4711' in list cannot be casted",
        "failed to create query plan: cannot parse expression: id == \"Mary \\\" O'Neil\", error:"
            + " x",
        "predicate is not a boolean expression: 4711, data type: Int64",
        "cannot cast value int64_val:4711 to VarChar",
        "cannot cast value string_val:\"Mary O'Neil\" to Int64",
        "value '4711' in list cannot be casted to VarChar",
        "the text 'Mary O'Neil' is too long",
        "the text \"Mary\" is not \"O'Neil\"",
        "the text \"Mary O'Neil",
        "json: cannot unmarshal number 4711 into Go value of type float64",
        "the 3th element (4711) out of range: [-128, 127]",
        "\"Syntax error at index 1: invalid char\n\n\t{Mary O'Neil 4711\n\t.^"
      })
  void valuesAreNotShown(String message) {
    assertThat(ServerText.shown(message)).doesNotContain("Mary", "Neil", "4711");
  }

  @Test
  void whatIsNoValueIs() {
    assertThat(ServerText.shown("can't find collection[database=default][collection=nope]"))
        .isEqualTo("can't find collection[database=default][collection=nope]");
    assertThat(ServerText.shown("the length (600) of 0th string exceeds max length (200)"))
        .isEqualTo("the length (600) of 0th string exceeds max length (200)");
    assertThat(ServerText.shown("grpc: received message larger than max (82 vs. 67)"))
        .isEqualTo("grpc: received message larger than max (82 vs. 67)");
    assertThat(ServerText.shown("failed to create expr plan, expr = id in [1]"))
        .isEqualTo("failed to create expr plan, expr = …");
    assertThat(ServerText.shown("value '1' in list cannot be casted to VarChar"))
        .isEqualTo("value '…' in list cannot be casted to VarChar");
    assertThat(ServerText.shown("")).isEmpty();
  }
}
