/**
 * The command side: aggregates, guards in front of them, and the publisher of their events.
 * Decides nothing itself.
 */
@NullMarked
package dev.onsale.command;

import org.jspecify.annotations.NullMarked;
