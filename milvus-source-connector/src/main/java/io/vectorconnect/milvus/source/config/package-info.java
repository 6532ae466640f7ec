/** The keys of the Milvus source. */
package io.vectorconnect.milvus.source.config;
