/** What sources and sinks share while they run. */
package io.vectorconnect.task;
