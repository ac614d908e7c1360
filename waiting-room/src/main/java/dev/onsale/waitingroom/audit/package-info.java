/** What happened in a room, for its visitors, its operator and the export of its sale? */
@NullMarked
package dev.onsale.waitingroom.audit;

import org.jspecify.annotations.NullMarked;
