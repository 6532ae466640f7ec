/** Changes out of Milvus's own log. */
package io.vectorconnect.milvus.source.log;
