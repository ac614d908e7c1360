/**
 * The checkout rehearsed against a gateway of its own process, with faults, and with kills of the application in between.
 * What must hold of the log is left to {@code verdict}.
 */
@NullMarked
package dev.onsale.rehearsal.checkout;

import org.jspecify.annotations.NullMarked;
