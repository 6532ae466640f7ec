package io.vectorconnect.it;

class PostgresqlSinkIT extends DataVecSinkContract {
  PostgresqlSinkIT() {
    super(Sql.postgresql());
  }
}
