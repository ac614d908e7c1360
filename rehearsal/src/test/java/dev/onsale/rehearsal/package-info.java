/**
 * The rehearsal's own rules: what may be asked of it, and that a seed plays the same crowd again.
 */
@NullMarked
package dev.onsale.rehearsal;

import org.jspecify.annotations.NullMarked;
