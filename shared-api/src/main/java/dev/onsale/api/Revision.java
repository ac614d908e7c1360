package dev.onsale.api;

/**
 * The revision of a sale that a change is based on.
 *
 * @param number of changes that the sale had; 0 before the first
 * @param fromIfMatch whether it came as {@code If-Match}, which is refused with {@code STALE_REVISION}, and not in the body, which is
 *     refused with {@code CHANGED_MEANWHILE}
 */
public record Revision(int number, boolean fromIfMatch) {}
