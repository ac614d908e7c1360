/** Malformed requests to every endpoint, from a seed. */
@NullMarked
package dev.onsale.verification.fuzz;

import org.jspecify.annotations.NullMarked;
