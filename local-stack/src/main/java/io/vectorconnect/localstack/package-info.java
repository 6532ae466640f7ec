/** Real services on loopback, installed once and started without Docker. */
package io.vectorconnect.localstack;
