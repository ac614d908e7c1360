/**
 * Sends each command to the one writer of its routing key, and returns the answer of its handler.
 */
@NullMarked
package dev.onsale.command.bus;

import org.jspecify.annotations.NullMarked;
