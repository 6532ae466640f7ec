/**
 * What sources of files share: which files there are, how tasks share them, and the offsets that
 * remember a row in each.
 */
package io.vectorconnect.files;
