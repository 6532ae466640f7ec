/** Records become rows, and rows become the columns of a request. */
package io.vectorconnect.milvus.sink.row;
