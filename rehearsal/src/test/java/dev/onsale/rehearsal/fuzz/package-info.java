/** Malformed requests to every endpoint, from a seed. */
@NullMarked
package dev.onsale.rehearsal.fuzz;

import org.jspecify.annotations.NullMarked;
