/**
 * Single message transforms: what other connectors publish becomes records of this project's shape.
 */
package io.vectorconnect.transforms;
