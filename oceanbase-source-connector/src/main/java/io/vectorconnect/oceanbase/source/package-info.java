/**
 * OceanBase (MySQL mode) and seekdb to Kafka: keyset scans in parallel ranges at one SCN, then what
 * changed since.
 */
package io.vectorconnect.oceanbase.source;
