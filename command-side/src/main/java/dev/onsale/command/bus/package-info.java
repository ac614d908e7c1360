/**
 * Brings each command to the one writer of its routing key and its answer back.
 * What the answer is, is left to the handlers.
 */
@NullMarked
package dev.onsale.command.bus;

import org.jspecify.annotations.NullMarked;
