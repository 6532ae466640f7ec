package io.vectorconnect.weaviate.source;

import java.util.List;

/**
 * An answer.
 *
 * @param objects its objects
 * @param bytes its size
 */
record Page(List<? extends ObjectView> objects, int bytes) {}
