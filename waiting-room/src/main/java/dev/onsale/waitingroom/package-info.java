/**
 * Limits how many buyers use a sale at once, and in which order: queue, admission, entry. It does not know what is left
 * to buy. This package has the configuration only.
 */
@NullMarked
package dev.onsale.waitingroom;

import org.jspecify.annotations.NullMarked;
