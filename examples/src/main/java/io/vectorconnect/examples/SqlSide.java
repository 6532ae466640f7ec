package io.vectorconnect.examples;

import io.vectorconnect.localstack.SqlServer;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The target, as its users would query it. */
final class SqlSide implements AutoCloseable {
  private static final int VECTOR_HEADER = 4;

  private final String name;
  private final Connection connection;

  SqlSide(String name, SqlServer server) throws SQLException {
    this.name = name;
    this.connection =
        DriverManager.getConnection(
            "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.database()),
            server.user(),
            server.password());
  }

  String name() {
    return name;
  }

  /** The number of rows; 0 before the table is there. */
  long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet exists =
            statement.executeQuery(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = '"
                    + MilvusSide.COLLECTION
                    + "'")) {
      exists.next();
      if (exists.getLong(1) == 0) {
        return 0;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + MilvusSide.COLLECTION)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Every row; the vector by its binary form, so that not a bit is lost on the way. */
  Map<Long, DebianPackage> readAll() throws SQLException {
    Map<Long, DebianPackage> rows = new TreeMap<>();
    String sql =
        "SELECT id, vector_send(embedding), name, section, description, installed_size_kib FROM "
            + MilvusSide.COLLECTION;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        long id = result.getLong(1);
        rows.put(
            id,
            new DebianPackage(
                id,
                vector(result.getBytes(2)),
                result.getString(3),
                result.getString(4),
                result.getString(5),
                result.getInt(6)));
      }
    }
    return rows;
  }

  private static float[] vector(byte[] sent) {
    float[] elements = new float[(sent.length - VECTOR_HEADER) / Float.BYTES];
    ByteBuffer.wrap(sent, VECTOR_HEADER, sent.length - VECTOR_HEADER).asFloatBuffer().get(elements);
    return elements;
  }

  /** The nearest rows by cosine, the nearest first. */
  List<Neighbour> nearest(float[] query, int limit) throws SQLException {
    StringBuilder text = new StringBuilder("[");
    for (float element : query) {
      text.append(text.length() == 1 ? "" : ",").append(element);
    }
    String sql =
        "SELECT id, embedding <=> ?::vector AS distance FROM %s ORDER BY distance LIMIT %d"
            .formatted(MilvusSide.COLLECTION, limit);
    List<Neighbour> hits = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, text.append(']').toString());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          hits.add(new Neighbour(result.getLong(1), result.getDouble(2)));
        }
      }
    }
    return hits;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
