package dev.onsale.query.audit;

import java.util.List;

/**
 * A part of the log.
 *
 * @param events those that pass the filters, in the order of the log; may be fewer than asked for, even none, before the end
 * @param nextAfter where to go on; everything up to it was looked at
 * @param head position of the newest event when the page was read: the end is where {@code nextAfter} has reached it or
 *     no longer moves
 */
record AuditPage(List<AuditedEvent> events, long nextAfter, long head) {}
