/** The keys of the Weaviate source. */
package io.vectorconnect.weaviate.source.config;
