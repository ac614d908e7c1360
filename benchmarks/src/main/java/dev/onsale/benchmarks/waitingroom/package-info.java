/**
 * What a waiting person costs: joins, polls and admissions over HTTP beside a bare answer of the same server and a bare pair
 * of Redis commands, and the memory of each place.
 */
@NullMarked
package dev.onsale.benchmarks.waitingroom;

import org.jspecify.annotations.NullMarked;
