package io.vectorconnect.data;

/** A conversion that may round; done only where a configuration key asks for it by this name. */
public enum LossyCast {
  /** 64-bit elements that no 32-bit float represents are rounded to the nearest one. */
  FLOAT64_TO_FLOAT32,
  /** 32-bit elements that no 16-bit float represents are rounded to the nearest one. */
  FLOAT32_TO_FLOAT16
}
