/** A proxy in front of Milvus 2.3.5 that answers as newer versions do. */
package io.vectorconnect.it.milvus;
