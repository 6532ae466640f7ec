package io.vectorconnect.it;

import static io.vectorconnect.localstack.Component.OPENGAUSS;
import static io.vectorconnect.localstack.Component.POSTGRESQL;

@Services(alone = {OPENGAUSS, POSTGRESQL})
class OpenGaussSinkIT extends DataVecSinkContract {
  OpenGaussSinkIT() {
    super(Sql.openGauss());
  }
}
