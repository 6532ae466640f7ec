/** Positions and owners of partitions, in tables beside the data. */
package io.vectorconnect.sql.sink.position;
