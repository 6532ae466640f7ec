/**
 * Fields of rows that stand in a file of their own, found by id: JSON lines or HDF5. Only the place
 * of each id is held in memory; the fields are read when their rows are.
 */
package io.vectorconnect.metadata;
