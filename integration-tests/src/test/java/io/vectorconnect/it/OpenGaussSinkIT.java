package io.vectorconnect.it;

class OpenGaussSinkIT extends DataVecSinkContract {
  OpenGaussSinkIT() {
    super(Sql.openGauss());
  }
}
