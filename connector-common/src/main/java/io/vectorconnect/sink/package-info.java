/**
 * What every sink shares: buffering across {@code put()}, writing in the background, retries, and
 * the errant records.
 */
package io.vectorconnect.sink;
