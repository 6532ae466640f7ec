package io.vectorconnect.it;

import static io.vectorconnect.it.SinkRecords.row;
import static io.vectorconnect.localstack.Component.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.datavec.sink.DataVecSinkConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Services(alone = POSTGRESQL)
class PostgresqlSinkIT extends DataVecSinkContract {
  PostgresqlSinkIT() {
    super(Sql.postgresql());
  }

  @Test
  void anIdentityColumnTakesTheKeyThatIsSent() throws Exception {
    sql()
        .execute(
            "CREATE TABLE identified (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " label text, v vector(3))");
    for (String mode : List.of("upsert", "insert")) {
      try (SinkHarness sink = sink("identified", "insert.mode", mode)) {
        long id = mode.equals("upsert") ? 60 : 61;
        sink.write(row(sink, "identified", id, mode, 1, 1, 1));
        if (mode.equals("upsert")) {
          sink.write(row(sink, "identified", id, "again", 2, 2, 2));
        }
        assertThat(sink.reasons()).isEmpty();
      }
    }
    assertThat(sql().rows("SELECT id, label FROM identified ORDER BY label"))
        .containsExactly("60|again", "61|insert");
  }

  @Test
  void anExtensionInASchemaOfItsOwnIsFound() throws Exception {
    Sql other = sql().createDatabase("supabase");
    other.execute("CREATE SCHEMA extensions", "ALTER EXTENSION vector SET SCHEMA extensions");
    try (SinkHarness sink = other.sink("hidden", "index.build", "immediate")) {
      sink.write(row(sink, "hidden", 1, "a", 1, 2, 3));
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(other.rows("SELECT id, v FROM hidden")).containsExactly("1|[1,2,3]");
    assertThat(other.vectorIndexes("hidden")).hasSize(1);
  }

  private static List<String> problems(Map<String, String> config) {
    return new DataVecSinkConnector()
        .validate(config).configValues().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();
  }

  /** openGauss keeps this elsewhere in its catalogue, which its stand-in does not have. */
  @Test
  void validateRefusesATableWhoseRowsAreHiddenFromTheUser() throws Exception {
    sql()
        .execute(
            "CREATE TABLE hidden_rows (id bigint PRIMARY KEY, label varchar)",
            "ALTER TABLE hidden_rows ENABLE ROW LEVEL SECURITY",
            "CREATE ROLE hidden_from LOGIN PASSWORD 'hidden'",
            "GRANT ALL ON hidden_rows TO hidden_from");
    Map<String, String> config = sql().sinkConfig("hidden_rows");
    assertThat(problems(config)).isEmpty(); // a superuser sees all
    config.put("connection.user", "hidden_from");
    config.put("connection.password", "hidden");
    assertThat(problems(config)).singleElement().asString().contains("Row-level security");
    sql().execute("CREATE POLICY positive ON hidden_rows TO hidden_from USING (id > 0)");
    assertThat(problems(config)).singleElement().asString().contains("Row-level security");
    sql().execute("CREATE POLICY everything ON hidden_rows TO hidden_from USING (true)");
    assertThat(problems(config)).isEmpty();
    sql().execute("CREATE POLICY below_nine ON hidden_rows AS RESTRICTIVE USING (id < 9)");
    assertThat(problems(config)).singleElement().asString().contains("Row-level security");
    sql().execute("ALTER ROLE hidden_from BYPASSRLS");
    assertThat(problems(config)).isEmpty();
  }

  @Test
  void validateTellsWhichRightsAreMissing() throws Exception {
    sql()
        .execute(
            "CREATE ROLE lender LOGIN PASSWORD 'lender'",
            "CREATE SCHEMA lent",
            "GRANT USAGE ON SCHEMA lent TO lender",
            "CREATE TABLE lent.lent (id bigint PRIMARY KEY, label text, v vector(3))",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON lent.lent TO lender");
    Map<String, String> config = sql().sinkConfig("lent");
    config.put("connection.user", "lender");
    config.put("connection.password", "lender");
    config.put("table.name.format", "lent.${topic}");
    config.put("auto.create", "false");
    assertThat(problems(config)).isEmpty();
    for (String[] more :
        new String[][] {
          {"delivery.guarantee", "exactly_once", "create table lent.vector_connect_offsets"},
          {"index.build", "immediate", "does not own table lent.lent, which index.build needs"},
          {"index.build", "after_snapshot", "create table lent.vector_connect_indexes"},
          {"truncate.before.load", "true", "create table lent.vector_connect_tables"},
        }) {
      Map<String, String> asked = new HashMap<>(config);
      asked.put(more[0], more[1]);
      assertThat(problems(asked)).singleElement().asString().contains(more[2]);
    }
    sql()
        .execute(
            "CREATE TABLE lent.vector_connect_tables (connector varchar(255) NOT NULL,"
                + " table_name varchar(64) NOT NULL, claim varchar(10) NOT NULL,"
                + " PRIMARY KEY (connector, table_name))",
            "GRANT SELECT, INSERT, UPDATE ON lent.vector_connect_tables TO lender");
    config.put("truncate.before.load", "true");
    assertThat(problems(config)).singleElement().asString().contains("has not TRUNCATE");
    sql().execute("GRANT TRUNCATE ON lent.lent TO lender");
    assertThat(problems(config)).isEmpty();
    try (SinkHarness sink = new SinkHarness(sql().task(), config)) {
      sink.write(row(sink, "lent", 1, "a", 1, 2, 3)); // no right to create the table of owners
      assertThat(sink.reasons()).isEmpty();
    }
    assertThat(sql().count("lent")).isEqualTo(-1);
    assertThat(sql().rows("SELECT id FROM lent.lent")).containsExactly("1");
  }
}
