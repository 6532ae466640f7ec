package io.vectorconnect.benchmarks;

import io.vectorconnect.localstack.LocalStack;

/**
 * What a benchmark works with.
 *
 * @param stack the services that it asked for
 * @param options what the command line asks for
 */
record Bench(LocalStack stack, Options options) {}
