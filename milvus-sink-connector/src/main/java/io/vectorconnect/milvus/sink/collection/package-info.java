/** Collections: creation, claims, fields and indexes. */
package io.vectorconnect.milvus.sink.collection;
