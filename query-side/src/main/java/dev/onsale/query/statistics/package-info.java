/**
 * Counts what is sold, minute by minute, in a group of consumers of its own, and ranks what sells fastest. What is sold is
 * decided elsewhere.
 */
@NullMarked
package dev.onsale.query.statistics;

import org.jspecify.annotations.NullMarked;
