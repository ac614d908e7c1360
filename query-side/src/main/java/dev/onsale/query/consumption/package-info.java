/**
 * Brings the facts from Kafka into the read models: batches, one transaction each, the offset after the rows, what cannot
 * be read or written to the dead-letter topics. What a fact changes is decided by the projections.
 */
@NullMarked
package dev.onsale.query.consumption;

import org.jspecify.annotations.NullMarked;
