package io.vectorconnect.transforms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Structs in which some fields become others; the rest stays as it is. */
final class StructStep implements FieldStep {
  private final List<Field> before;
  private final List<Field> after;
  private final List<Optional<FieldStep>> steps;
  private final List<String> paths;
  private final Schema schema;

  private StructStep(
      Schema from, List<Optional<FieldStep>> steps, List<String> paths, Schema schema) {
    this.before = from.fields();
    this.after = schema.fields();
    this.steps = steps;
    this.paths = paths;
    this.schema = schema;
  }

  /**
   * The step of a struct's schema, or empty where no field changes.
   *
   * @param path what goes before the fields' names in messages
   * @param planner the step of a field, or empty where it does not change
   * @throws DataException naming the field for which there can be no step
   */
  static Optional<FieldStep> of(
      Schema from, String path, Function<Field, Optional<FieldStep>> planner) {
    List<Optional<FieldStep>> steps = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    SchemaBuilder builder = SchemaBuilder.struct().name(from.name()).version(from.version());
    for (Field field : from.fields()) {
      paths.add(path + field.name());
      Optional<FieldStep> step;
      try {
        step = planner.apply(field);
      } catch (DataException e) {
        throw named(paths.get(field.index()), e);
      }
      builder.field(field.name(), step.map(FieldStep::schema).orElse(field.schema()));
      steps.add(step);
    }
    if (steps.stream().allMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    Schema schema = SchemaCopy.finish(builder, from, value -> value);
    return Optional.of(new StructStep(from, steps, paths, schema));
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public Struct apply(Object value) {
    Struct from = (Struct) value;
    Struct to = new Struct(schema);
    for (int i = 0; i < steps.size(); i++) {
      Object part = value(from, before.get(i));
      if (part == null) {
        continue; // NULL, or not set where there is a default: both stay
      }
      Optional<FieldStep> step = steps.get(i);
      to.put(after.get(i), step.isEmpty() ? part : apply(step.get(), part, paths.get(i)));
    }
    return to;
  }

  private static Object apply(FieldStep step, Object value, String path) {
    if (step instanceof StructStep) {
      return step.apply(value); // names the field itself
    }
    try {
      return step.apply(value);
    } catch (DataException e) {
      throw named(path, e);
    }
  }

  /** A field's value without its default, in whose place the new schema's stands. */
  private static Object value(Struct struct, Field field) {
    return field.schema().defaultValue() == null
        ? struct.get(field)
        : struct.getWithoutDefault(field.name());
  }

  private static DataException named(String path, DataException e) {
    return new DataException("field " + path + ": " + e.getMessage(), e);
  }
}
