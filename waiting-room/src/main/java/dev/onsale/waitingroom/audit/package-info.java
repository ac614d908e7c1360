/** What happened in a room, for visitors, operators and the export of the sale? */
@NullMarked
package dev.onsale.waitingroom.audit;

import org.jspecify.annotations.NullMarked;
