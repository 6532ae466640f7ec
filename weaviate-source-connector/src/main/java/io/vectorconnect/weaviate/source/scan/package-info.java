/** Ranges of UUIDs, what changes afterwards, and records of objects. */
package io.vectorconnect.weaviate.source.scan;
