/** Guards built again from the event log, after Redis lost them or before a sale opens. */
@NullMarked
package dev.onsale.command.guard.rebuild;

import org.jspecify.annotations.NullMarked;
