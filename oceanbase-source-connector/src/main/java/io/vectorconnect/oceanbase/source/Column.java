package io.vectorconnect.oceanbase.source;

/**
 * A column as {@code information_schema.columns} tells it.
 *
 * @param name its name
 * @param type the type without length, in lower case
 * @param declaration the whole type, in lower case, such as {@code int(10) unsigned}
 * @param nullable whether it may be NULL
 * @param precision digits or bits of a number; 0 where it has none
 * @param scale digits after the point; 0 where it has none
 */
public record Column(
    String name, String type, String declaration, boolean nullable, int precision, int scale) {
  boolean unsigned() {
    return declaration.contains("unsigned");
  }
}
