/** What Weaviate says about collections and their properties. */
package io.vectorconnect.weaviate.source.schema;
