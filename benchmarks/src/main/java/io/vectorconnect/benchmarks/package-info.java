/** Throughput of the connectors beside each store's own fastest path. */
package io.vectorconnect.benchmarks;
