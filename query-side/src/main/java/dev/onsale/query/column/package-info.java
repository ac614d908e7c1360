/**
 * How values of the language are written into columns: instants and durations as text, lists and records as JSON.
 * Which columns there are is decided by the read model that owns the table.
 */
@NullMarked
package dev.onsale.query.column;

import org.jspecify.annotations.NullMarked;
