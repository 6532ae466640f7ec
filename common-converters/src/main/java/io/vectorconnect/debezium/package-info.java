/** Runs inside of Debezium: its columns of vector types, in the record contract's form. */
package io.vectorconnect.debezium;
