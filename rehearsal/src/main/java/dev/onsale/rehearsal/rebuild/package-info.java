/** Starts the rebuild of a read model from a terminal and shows its progress. The query side runs the rebuild. */
@NullMarked
package dev.onsale.rehearsal.rebuild;

import org.jspecify.annotations.NullMarked;
