package io.vectorconnect.oceanbase.source;

import java.util.List;

/**
 * A statement.
 *
 * @param text with a question mark for each parameter
 * @param parameters String, BigDecimal or byte[]
 */
record Sql(String text, List<Object> parameters) {
  /** A name on its way into SQL; every one of them passes here. */
  static String quote(String name) {
    return '`' + name.replace("`", "``") + '`';
  }
}
