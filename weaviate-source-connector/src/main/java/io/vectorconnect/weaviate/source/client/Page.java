package io.vectorconnect.weaviate.source.client;

import java.util.List;

/**
 * An answer.
 *
 * @param objects its objects
 * @param bytes its size
 */
public record Page(List<? extends ObjectView> objects, int bytes) {}
