/**
 * Measures the cost of a waiting visitor: joins, polls and admissions over HTTP compared with a bare response of the
 * same server and with bare Redis commands, and the memory per place.
 */
@NullMarked
package dev.onsale.benchmarks.waitingroom;

import org.jspecify.annotations.NullMarked;
