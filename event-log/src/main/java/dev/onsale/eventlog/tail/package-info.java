/**
 * The end of the log in memory: what was committed last, in the order of the log and never past a position whose transaction
 * may still commit. All followers of the log in a process read from it.
 */
@NullMarked
package dev.onsale.eventlog.tail;

import org.jspecify.annotations.NullMarked;
