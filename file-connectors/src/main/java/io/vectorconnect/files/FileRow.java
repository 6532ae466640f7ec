package io.vectorconnect.files;

import org.apache.kafka.connect.data.Struct;

/**
 * One row as it goes to Kafka.
 *
 * @param key the primary key
 * @param value all fields, the primary key among them
 */
public record FileRow(Struct key, Struct value) {}
