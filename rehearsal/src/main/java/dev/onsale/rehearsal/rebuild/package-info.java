/**
 * Orders the rebuild of a read model from a terminal and shows how far it is. What a rebuild does is left to the query side.
 */
@NullMarked
package dev.onsale.rehearsal.rebuild;

import org.jspecify.annotations.NullMarked;
