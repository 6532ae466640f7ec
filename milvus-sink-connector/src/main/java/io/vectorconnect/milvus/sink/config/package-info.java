/** The keys of the Milvus sink. */
package io.vectorconnect.milvus.sink.config;
