/** Ranges of keys, and the pages in which they are read. */
package io.vectorconnect.milvus.source.scan;
