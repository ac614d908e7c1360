/**
 * Runs the atomic scripts of the waiting room, without blocking and within limits of time and number. What the scripts
 * decide is the business of those who call.
 */
@NullMarked
package dev.onsale.waitingroom.redis;

import org.jspecify.annotations.NullMarked;
