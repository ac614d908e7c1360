/**
 * An Onsale that runs for the tests, and the words in which they speak to it.
 * What must be true of it is said by the tests.
 */
@NullMarked
package dev.onsale.rehearsal.running;

import org.jspecify.annotations.NullMarked;
