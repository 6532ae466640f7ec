package io.vectorconnect.transforms;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** Gives a new schema what the old one said beside its type. */
final class SchemaCopy {
  private SchemaCopy() {}

  /**
   * A schema with the optionality, documentation, parameters and default of another one.
   *
   * @param builder has the type; parameters that it has stay
   * @param from the other one
   * @param value turns the default into a value of the new type
   * @param leftOut parameters that belong to the other one's type
   * @throws DataException when there is a default, and no place for it
   */
  static Schema finish(
      SchemaBuilder builder, Schema from, UnaryOperator<Object> value, String... leftOut) {
    List<String> dropped = Arrays.asList(leftOut);
    Map<String, String> own = builder.parameters() == null ? Map.of() : builder.parameters();
    List<String> kept = List.copyOf(own.keySet());
    if (from.parameters() != null) {
      from.parameters()
          .forEach(
              (name, text) -> {
                if (!kept.contains(name) && !dropped.contains(name)) {
                  builder.parameter(name, text);
                }
              });
    }
    if (from.isOptional()) {
      builder.optional();
    }
    if (from.doc() != null) {
      builder.doc(from.doc());
    }
    if (from.defaultValue() != null) {
      if (builder.type() == Schema.Type.STRUCT) {
        // Connect compares a struct's schema with the one that it is the default of.
        throw new DataException(
            "the schema has a default value, which a changed STRUCT cannot keep; take the default out of the schema");
      }
      builder.defaultValue(value.apply(from.defaultValue()));
    }
    return builder.build();
  }
}
