/** Changes by a field that holds the time of writing. */
package io.vectorconnect.milvus.source.timestamp;
