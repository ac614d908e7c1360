/**
 * Builds read models again from the event store while the old ones go on answering, and puts them in their place. What a
 * row is made of is decided by the projections; nothing but their tables is written.
 */
@NullMarked
package dev.onsale.query.rebuild;

import org.jspecify.annotations.NullMarked;
