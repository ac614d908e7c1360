/**
 * A proof of work that a visitor's computer shows before it joins, in the form of ALTCHA. Which rooms ask for one, and that
 * each is used once, is decided by others.
 */
@NullMarked
package dev.onsale.waitingroom.challenge;

import org.jspecify.annotations.NullMarked;
