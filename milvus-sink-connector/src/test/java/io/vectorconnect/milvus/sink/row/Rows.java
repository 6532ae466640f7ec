package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.sink.row.RowPlan.Cell;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.RecordField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Plans of one field without a server, and records for them. */
public final class Rows {
  static final FieldSchema KEY =
      FieldSchema.newBuilder()
          .setName("id")
          .setDataType(DataType.Int64)
          .setIsPrimaryKey(true)
          .build();

  private final Schema schema;
  private final RowPlan plan;

  private Rows(Schema schema, RowPlan plan) {
    this.schema = schema;
    this.plan = plan;
  }

  static Target target(boolean dynamic, FieldSchema... fields) {
    return new Target(new Collection("things", 1, List.of(fields), dynamic, Map.of()));
  }

  /** Records whose one field is written to one field of a collection. */
  public static Rows of(FieldSchema field, Schema fieldSchema) {
    Schema schema = struct(field.getName(), fieldSchema);
    Target target = target(false, KEY, field);
    Column column = target.columns().get(1);
    Optional<VectorType> vector = column.vectorType();
    CellEncoder encoder =
        vector.isPresent()
            ? VectorCells.of(fieldSchema, vector.get(), column.dimension(), Set.of())
            : column.type() == DataType.Array
                ? ArrayCells.of(fieldSchema, column)
                : column.type() == DataType.JSON
                    ? JsonText.encoder(fieldSchema)
                    : TextType.of(column.type())
                        .map(text -> TextCells.of(text, Set.of(TextType.values())))
                        .orElseGet(() -> ScalarCells.of(column));
    RecordField source =
        new RecordField(field.getName(), fieldSchema, c -> ((Struct) c.row()).get(field.getName()));
    return new Rows(
        schema,
        RowPlan.row(
            target,
            List.of(
                new Cell(target.columns().get(0), key(), value -> value),
                new Cell(column, source, encoder)),
            0,
            null,
            Set.of()));
  }

  private static RecordField key() {
    return new RecordField("id", Schema.INT64_SCHEMA, c -> c.record().kafkaOffset());
  }

  private static Schema struct(String name, Schema field) {
    return SchemaBuilder.struct().field(name, field).build();
  }

  public Row row(Object value) {
    Struct struct = new Struct(schema).put(schema.fields().get(0), value);
    return plan.encode(
        Change.of(new SinkRecord("things", 0, null, 1L, schema, struct, 1)),
        UnaryOperator.identity());
  }

  /** The column of the field for records of these values. */
  FieldData column(Object... values) {
    List<Row> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(row(value));
    }
    return Columns.of(plan.target(), rows).get(1);
  }

  /** The column of dynamic fields for records of these values of {@code $meta}. */
  static FieldData dynamic(Schema fieldSchema, Object... values) {
    Schema schema = struct(DynamicFields.NAME, fieldSchema);
    Target target = target(true, KEY);
    RecordField meta =
        new RecordField(
            DynamicFields.NAME, fieldSchema, c -> ((Struct) c.row()).get(DynamicFields.NAME));
    RowPlan plan =
        RowPlan.row(
            target,
            List.of(new Cell(target.columns().get(0), key(), value -> value)),
            0,
            new DynamicFields(List.of(meta), Set.of("id", "v")),
            Set.of());
    Rows records = new Rows(schema, plan);
    List<Row> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(records.row(value));
    }
    return Columns.of(target, rows).get(1);
  }
}
