/** Ends the reservations of a show that was called off, in batches that a crash or a pause can interrupt anywhere. */
@NullMarked
package dev.onsale.saga.calloff;

import org.jspecify.annotations.NullMarked;
