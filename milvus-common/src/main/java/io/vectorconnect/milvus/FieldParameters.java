package io.vectorconnect.milvus;

/**
 * Milvus's names of the limits of a field; a record's schema has parameters of the same names,
 * which the source sets and the sink reads.
 */
public final class FieldParameters {
  /** The greatest length of a VarChar, or of an array's VarChars, in bytes of UTF-8. */
  public static final String MAX_LENGTH = "max_length";

  /** The greatest number of elements of an Array. */
  public static final String MAX_CAPACITY = "max_capacity";

  /** The type in Milvus of a field that travels as text: a name of {@link TextType}. */
  public static final String TEXT_TYPE = "milvus_type";

  private FieldParameters() {}
}
