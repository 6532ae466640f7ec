package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.POSTGRESQL;

@Services(alone = POSTGRESQL)
class PostgresqlSinkIT extends DataVecSinkContract {
  PostgresqlSinkIT() {
    super(Sql.postgresql());
  }
}
