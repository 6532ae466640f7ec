/**
 * The source connector for Weaviate.
 *
 * <p>{@code WeaviateSourceConnector} plans ranges of UUIDs for each collection and tenant, {@code
 * RangeReader} reads one of them page by page, {@code GrpcPages} or {@code RestPages} fetch a page,
 * and {@code RecordMapper} holds the schemas.
 */
package io.vectorconnect.weaviate.source;
