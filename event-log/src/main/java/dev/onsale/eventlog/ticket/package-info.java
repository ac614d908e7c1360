/** Signed codes of tickets and their keys. */
@NullMarked
package dev.onsale.eventlog.ticket;

import org.jspecify.annotations.NullMarked;
