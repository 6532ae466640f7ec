package io.vectorconnect.localstack;

/**
 * Where and how to reach a SQL database.
 *
 * @param host always loopback
 * @param port chosen at the start
 * @param database the database that is there from the start
 * @param user its owner, a superuser
 * @param password the user's password
 */
public record SqlServer(String host, int port, String database, String user, String password) {
  /** The same server and user with another database. */
  public SqlServer withDatabase(String other) {
    return new SqlServer(host, port, other, user, password);
  }
}
