/**
 * The Faiss source. Its rooms: {@link io.vectorconnect.faiss.source.FaissSourceConnector} and
 * {@link io.vectorconnect.faiss.source.FaissSourceTask} (the shared loop over files), {@code
 * FaissSourceConfig} (every key), {@code IndexParser} and {@code IndexRows} (reading), {@code
 * FaissFile} (rows to records).
 */
package io.vectorconnect.faiss.source;
