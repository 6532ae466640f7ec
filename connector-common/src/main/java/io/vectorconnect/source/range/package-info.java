/** Plans of ranges, the shares of tasks, and the offsets of both. */
package io.vectorconnect.source.range;
