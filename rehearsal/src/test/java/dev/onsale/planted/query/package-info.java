/** Deliberate violations of the boundary rules. Used only by the tests of the rules. */
@NullMarked
package dev.onsale.planted.query;

import org.jspecify.annotations.NullMarked;
