/** Rows of Milvus become records: fields, columns and their types. */
package io.vectorconnect.milvus.source.record;
