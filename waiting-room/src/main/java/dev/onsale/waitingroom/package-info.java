/**
 * Decides who may try to buy, how many at once and in which order: queue, admission, entry. Whether there is anything left
 * to buy is decided elsewhere; an entered buyer has a place at the counter and nothing more.
 */
@NullMarked
package dev.onsale.waitingroom;

import org.jspecify.annotations.NullMarked;
