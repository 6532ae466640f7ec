/** Comparison of a store with what was published before. */
package io.vectorconnect.source.reconcile;
