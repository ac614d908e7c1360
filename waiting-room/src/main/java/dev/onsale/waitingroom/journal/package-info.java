/**
 * What happened in a waiting room, in order and for good, and what follows from it. Bringing it from Redis to the database
 * and back is the business of others.
 */
@NullMarked
package dev.onsale.waitingroom.journal;

import org.jspecify.annotations.NullMarked;
