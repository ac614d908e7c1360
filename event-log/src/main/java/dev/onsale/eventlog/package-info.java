/**
 * How facts are written down and read back: logical type names, JSON, the event store's tables, tokens and dead letters.
 * What the facts mean is left to the sides that read them.
 */
@NullMarked
package dev.onsale.eventlog;

import org.jspecify.annotations.NullMarked;
