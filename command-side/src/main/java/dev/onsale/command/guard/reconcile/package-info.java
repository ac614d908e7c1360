/** The comparison of guards with the event log, and the repair of what differs. */
@NullMarked
package dev.onsale.command.guard.reconcile;

import org.jspecify.annotations.NullMarked;
