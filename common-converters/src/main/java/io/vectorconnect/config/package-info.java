/** What every connector's configuration is built from. */
package io.vectorconnect.config;
