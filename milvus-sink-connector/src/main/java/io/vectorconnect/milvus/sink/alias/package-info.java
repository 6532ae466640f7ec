/** A collection is built behind its alias, and the alias is switched to it. */
package io.vectorconnect.milvus.sink.alias;
