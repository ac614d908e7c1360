/** Deliberate violations of the boundary rules. Used only by the tests of the rules. */
@NullMarked
package dev.onsale.planted.bean;

import org.jspecify.annotations.NullMarked;
