package io.vectorconnect.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.spi.converter.CustomConverter.Converter;
import io.debezium.spi.converter.RelationalColumn;
import io.vectorconnect.data.PackedVector;
import io.vectorconnect.data.UnavailableValue;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class VectorConverterTest {
  /** What Debezium hands over for a value that is not in PostgreSQL's log. */
  private static final Object MARKER = new Object();

  private record Registered(Schema schema, Converter converter) {}

  /** What snapshots hand over; the converter cannot know the driver's class but by its name. */
  private record PGobject(String value) {
    @Override
    public String toString() {
      return value;
    }
  }

  /** A converter that knows its connector. */
  private static VectorConverter converter(SourceDatabase database, String... keys) {
    Properties properties = new Properties();
    properties.put("type", VectorConverter.class.getName());
    for (int i = 0; i < keys.length; i += 2) {
      properties.put(keys[i], keys[i + 1]);
    }
    VectorConverter converter = new VectorConverter();
    converter.configure(properties);
    converter.converterFor(
        new Column(SourceDatabase.INTRODUCTION, "none", 0, true, database),
        (schema, ignored) -> {
          throw new AssertionError("the introduction is no column");
        });
    return converter;
  }

  private static Optional<Registered> register(VectorConverter converter, Column column) {
    Registered[] registered = new Registered[1];
    converter.converterFor(
        column,
        (SchemaBuilder schema, Converter conversion) ->
            registered[0] = new Registered(schema.build(), conversion));
    return Optional.ofNullable(registered[0]);
  }

  private static Optional<Registered> register(String type, int length, boolean optional) {
    return register(converter(new FakeDatabase()), new Column("c", type, length, optional, null));
  }

  private static Registered column(SourceDatabase database, String type, String... keys) {
    return register(converter(database, keys), new Column("c", type, 0, true, null)).orElseThrow();
  }

  private static Registered column(String type, int length) {
    return register(type, length, true).orElseThrow();
  }

  @Test
  void packsEachTypeOfBothForms() {
    Registered vector = column("vector", 3);
    assertThat(vector.schema().name()).isEqualTo("io.vectorconnect.data.FloatVector");
    assertThat(vector.schema().parameters()).containsEntry("dimension", "3");
    byte[] packed = PackedVector.ofFloats(new float[] {0.1f, -0f, Float.MIN_VALUE}).bytes();
    assertThat(vector.converter().convert("[0.1,-0,1e-45]")).isEqualTo(packed);
    assertThat(vector.converter().convert(new PGobject("[0.1,-0,1e-45]"))).isEqualTo(packed);

    Registered half = column("ext.\"halfvec\"", 2);
    assertThat(half.schema().name()).isEqualTo("io.vectorconnect.data.Float16Vector");
    assertThat(half.converter().convert("[1,-2]")).isEqualTo(new byte[] {0, 0x3C, 0, (byte) 0xC0});

    Registered sparse = column("sparsevec", 250_002);
    assertThat(sparse.converter().convert("{1:0.5,250002:-3}/250002"))
        .isEqualTo(
            PackedVector.ofSparse(250_002, new int[] {0, 250_001}, new float[] {0.5f, -3}).bytes());
    assertThat(sparse.converter().convert("{}/250002")).isEqualTo(new byte[0]);

    Registered bits = column("bit", 12);
    assertThat(bits.converter().convert("100000000110")).isEqualTo(new byte[] {(byte) 0x80, 0x60});
    assertThat(column("bit", 1).converter().convert(true)).isEqualTo(new byte[] {(byte) 0x80});
  }

  @Test
  void aColumnWithoutDimensionHasNoneInItsSchema() {
    Registered vector = column("vector", Integer.MAX_VALUE);
    assertThat(vector.schema().parameters()).isNull();
    assertThat(vector.converter().convert("[1,2]"))
        .isEqualTo(PackedVector.ofFloats(new float[] {1, 2}).bytes());

    Registered sparse = column("sparsevec", Integer.MAX_VALUE);
    assertThat(sparse.schema().type()).isEqualTo(Schema.Type.STRING);
    assertThat(sparse.converter().convert("{1:0.5}/10")).isEqualTo("{1:0.5}/10");
    assertThat(sparse.converter().convert(MARKER)).isEqualTo(UnavailableValue.TEXT);
  }

  /** Debezium's own form tells only the column's length. */
  @Test
  void bitStringsOfVaryingLengthKeepTheirLengthAsText() {
    Registered bits = column("varbit", 10);
    assertThat(bits.schema().type()).isEqualTo(Schema.Type.STRING);
    assertThat(bits.converter().convert("0101")).isEqualTo("0101");
    assertThat(bits.converter().convert("")).isEqualTo("");
    assertThat(bits.converter().convert(MARKER)).isEqualTo(UnavailableValue.TEXT);
  }

  @Test
  void absentIsNotNull() {
    Registered optional = column("vector", 768);
    assertThat(optional.schema().isOptional()).isTrue();
    assertThat(optional.converter().convert(null)).isNull();
    assertThat(optional.converter().convert(MARKER)).isEqualTo(UnavailableValue.bytes());

    Registered required = register("vector", 768, false).orElseThrow();
    assertThat(required.schema().isOptional()).isFalse();
    assertThat(required.converter().convert(null)).isEqualTo(UnavailableValue.bytes());
  }

  @Test
  void leavesOtherTypesToDebezium() {
    assertThat(register("text", 0, true)).isEmpty();
    assertThat(register("tsvector", 0, true)).isEmpty();
    FakeDatabase database = new FakeDatabase();
    database.types.put("mood", new ColumnType("mood", true, false, OptionalInt.empty(), 0));
    assertThat(register(converter(database), new Column("c", "mood", 0, true, null))).isEmpty();
  }

  @Test
  void aDomainIsItsBaseTypeWithItsDimension() {
    FakeDatabase database = new FakeDatabase();
    database.types.put("emb", ColumnType.of("vector", OptionalInt.of(2)));
    Registered domain = column(database, "emb");
    assertThat(domain.schema().name()).isEqualTo("io.vectorconnect.data.FloatVector");
    assertThat(domain.schema().parameters()).containsEntry("dimension", "2");
    assertThat(domain.converter().convert(MARKER)).isEqualTo(UnavailableValue.bytes());
  }

  @Test
  void typesThatDebeziumDoesNotKnowAreText() {
    FakeDatabase database = new FakeDatabase();
    database.sendsUnknownTypes = true;
    for (String type : List.of("composite", "xid", "pg_lsn", "name", "int4multirange")) {
      Registered text = column(database, type);
      assertThat(text.schema().type()).isEqualTo(Schema.Type.STRING);
      assertThat(text.converter().convert(new PGobject("(1,a)"))).isEqualTo("(1,a)");
      assertThat(text.converter().convert(MARKER)).isEqualTo(UnavailableValue.TEXT);
    }
    // Debezium would send it in UTC.
    assertThat(column("timetz", 0).converter().convert("12:00:00+02")).isEqualTo("12:00:00+02");
  }

  @Test
  void typesThatAreNotInChangesStopTheConnector() {
    FakeDatabase database = new FakeDatabase();
    assertThatThrownBy(() -> column(database, "pg_lsn"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("column c of table t", "include.unknown.datatypes=true");
    assertThat(
            register(
                converter(database, "check", "warn"), new Column("c", "pg_lsn", 0, true, null)))
        .isEmpty();
  }

  @Test
  void arraysThatDebeziumDoesNotSendAreText() {
    FakeDatabase database = new FakeDatabase();
    database.types.put("_interval", array("interval", 1));
    database.types.put("_int4", array("int4", 2));
    assertThat(column(database, "_interval").converter().convert(sqlArray("{\"1 day\"}")))
        .isEqualTo("{\"1 day\"}");
    assertThat(column(database, "_int4").converter().convert(sqlArray("{{1,2},{3,4}}")))
        .isEqualTo("{{1,2},{3,4}}");
  }

  @Test
  void anArrayThatHasMoreDimensionsThanItsColumnIsRefused() {
    FakeDatabase database = new FakeDatabase();
    database.types.put("_int4", array("int4", 1));
    Registered numbers = column(database, "_int4");
    assertThat(numbers.converter().convert(sqlArray("{1,2}"))).isEqualTo("own {1,2}");
    for (String printed : List.of("{{1,2},{3,4}}", "[0:1]={1,2}")) {
      assertThatThrownBy(() -> numbers.converter().convert(sqlArray(printed)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("column c of table t", "int[][]");
    }
  }

  @Test
  void numbersThatJsonConverterChangesAreRefused() {
    FakeDatabase database = new FakeDatabase();
    Registered real = column(database, "float4");
    assertThat(real.converter().convert(1.5f)).isEqualTo(1.5f);
    for (Object special : List.of(Float.NaN, -0f, Double.NEGATIVE_INFINITY, List.of(1f, -0f))) {
      assertThatThrownBy(() -> real.converter().convert(special))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("column c of table t", "special.floats=pass");
      assertThat(column(database, "float4", "special.floats", "pass").converter().convert(special))
          .isEqualTo(special);
    }
  }

  @Test
  void problemsOfTheConnectorStopItUnlessItIsToldToGoOn() {
    FakeDatabase database = new FakeDatabase();
    database.problems.addAll(List.of("first problem", "second problem"));
    assertThatThrownBy(() -> converter(database))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("first problem", "second problem", "check=warn");
    converter(database, "check", "warn");
  }

  @Test
  void withoutAnIntroductionNothingIsRead() {
    assertThatThrownBy(
            () -> register(new VectorConverter(), new Column("c", "text", 0, true, null)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Debezium 3.7");
  }

  @Test
  void aColumnAddedWithADefaultStopsTheConnector() {
    FakeDatabase database = new FakeDatabase();
    VectorConverter converter = converter(database);
    database.problemOfNewColumn = Optional.of("column n was added with a default");
    assertThatThrownBy(() -> register(converter, new Column("n", "int4", 0, true, null)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("was added with a default");
  }

  @Test
  void misspelledKeysAreRefused() {
    assertThatThrownBy(() -> converter(new FakeDatabase(), "chek", "warn"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("chek", "check");
  }

  private static ColumnType array(String element, int dimensions) {
    return new ColumnType(element, false, true, OptionalInt.empty(), dimensions);
  }

  /** Knows types by their names; Debezium's own conversion only marks arrays. */
  private static final class FakeDatabase implements SourceDatabase {
    private final Map<String, ColumnType> types = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private boolean sendsUnknownTypes;
    private Optional<String> problemOfNewColumn = Optional.empty();

    @Override
    public ColumnType type(RelationalColumn column) {
      String name = ConvertedColumn.plain(column.typeName());
      return types.getOrDefault(name, ColumnType.of(name, column.length()));
    }

    @Override
    public boolean sendsUnknownTypes() {
      return sendsUnknownTypes;
    }

    @Override
    public Optional<Own> own(RelationalColumn column) {
      return Optional.of(
          new Own(
              SchemaBuilder.float32(),
              value -> value instanceof Array array ? "own " + array : value));
    }

    @Override
    public List<String> problems() {
      return problems;
    }

    @Override
    public Optional<String> problemOfNewColumn(RelationalColumn column) {
      return problemOfNewColumn;
    }
  }

  /** The driver's array, which prints as PostgreSQL does. */
  private static Object sqlArray(String printed) {
    return Proxy.newProxyInstance(
        VectorConverterTest.class.getClassLoader(),
        new Class<?>[] {Array.class},
        (proxy, method, args) -> printed);
  }

  @Test
  void refusesWhatItCannotReadAndShowsNoValues() {
    Registered vector = column("vector", 3);
    for (Object value : new Object[] {"[1,2]", "[secret]", 5, new byte[0]}) {
      assertThatThrownBy(() -> vector.converter().convert(value))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("column c of table t")
          .hasMessageNotContaining("secret");
    }
  }

  private record Column(
      String name, String typeName, int size, boolean isOptional, Object defaultValue)
      implements RelationalColumn {
    @Override
    public String dataCollection() {
      return "t";
    }

    @Override
    public int jdbcType() {
      return 0;
    }

    @Override
    public int nativeType() {
      return 0;
    }

    @Override
    public String typeExpression() {
      return typeName;
    }

    @Override
    public OptionalInt length() {
      return size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
    }

    @Override
    public OptionalInt scale() {
      return OptionalInt.empty();
    }

    @Override
    public boolean hasDefaultValue() {
      return false;
    }
  }
}
