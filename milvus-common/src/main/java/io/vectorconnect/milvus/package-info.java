/** What the Milvus connectors share: the client, its errors, collections, and keys in filters. */
package io.vectorconnect.milvus;
