/**
 * Measures how many commands become durable per second: stock Axon, Onsale's write path and the bare database, on the
 * same tables. Aggregates, events and serializer are the same for both.
 */
@NullMarked
package dev.onsale.benchmarks.writepath;

import org.jspecify.annotations.NullMarked;
