/** What sources that scan by key share: ranges of keys, and the offsets that remember them. */
package io.vectorconnect.source;
