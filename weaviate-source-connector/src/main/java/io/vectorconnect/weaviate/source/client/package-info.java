/** Weaviate's two APIs, gRPC and REST, and the login. */
package io.vectorconnect.weaviate.source.client;
