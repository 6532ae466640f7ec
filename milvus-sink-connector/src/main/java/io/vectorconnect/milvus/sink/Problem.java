package io.vectorconnect.milvus.sink;

/**
 * What is wrong about a configuration.
 *
 * @param key the key to tell it on
 * @param message without secrets
 */
record Problem(String key, String message) {}
