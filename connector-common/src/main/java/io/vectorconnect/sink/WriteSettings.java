package io.vectorconnect.sink;

import java.time.Duration;

/**
 * How a sink batches and retries.
 *
 * @param maxRows rows per batch
 * @param maxBytes encoded bytes per batch; one batch is filled while another is written, so the
 *     buffers hold twice this and the records behind it
 * @param linger the longest time that a record waits for its batch to fill
 * @param backoff the first pause after a transient error; doubles up to {@code maxBackoff}
 * @param maxBackoff the longest pause
 * @param retryTimeout how long a batch is tried before the task fails
 * @param allRefused what to do when the target takes none of a topic's records
 */
public record WriteSettings(
    int maxRows,
    long maxBytes,
    Duration linger,
    Duration backoff,
    Duration maxBackoff,
    Duration retryTimeout,
    AllRefused allRefused) {}
