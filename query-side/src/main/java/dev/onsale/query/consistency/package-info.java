/**
 * Compares what is known of a sale outside the event store with its log, in figures and in words, over and over and on demand. What is
 * found is said; repairs are ordered by people.
 */
@NullMarked
package dev.onsale.query.consistency;

import org.jspecify.annotations.NullMarked;
