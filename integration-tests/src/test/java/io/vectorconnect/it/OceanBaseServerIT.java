package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.OCEANBASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorconnect.localstack.OceanBaseServer;
import io.vectorconnect.localstack.SqlServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What other tests rely on: the service answers SQL, and keeps its rows when it is killed. */
@Services(alone = OCEANBASE)
class OceanBaseServerIT {
  private final OceanBaseServer oceanBase = Stack.get().oceanBase();

  @Test
  void answersSqlAndKeepsItsRowsWhenItIsKilled() throws SQLException {
    assertThat(query("SELECT version()")).contains("OceanBase");
    oceanBase.sql(
        "CREATE TABLE vectors.kept (id INT PRIMARY KEY, v VECTOR(2))",
        "INSERT INTO vectors.kept VALUES (1, '[1,2.5]')");
    oceanBase.kill();
    oceanBase.start();
    assertThat(query("SELECT v FROM kept")).isEqualTo("[1,2.5]");
    oceanBase.sql("DROP TABLE vectors.kept");
  }

  private String query(String sql) throws SQLException {
    SqlServer server = oceanBase.server();
    String url =
        "jdbc:oceanbase://%s:%d/%s".formatted(server.host(), server.port(), server.database());
    try (Connection connection =
            DriverManager.getConnection(url, server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
