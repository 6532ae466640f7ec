/** The quickstart: one migration on real data, watched and checked. */
package io.vectorconnect.examples;
