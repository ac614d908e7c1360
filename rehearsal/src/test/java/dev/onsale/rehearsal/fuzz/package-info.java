/** Sends random malformed requests to every endpoint. */
@NullMarked
package dev.onsale.rehearsal.fuzz;

import org.jspecify.annotations.NullMarked;
