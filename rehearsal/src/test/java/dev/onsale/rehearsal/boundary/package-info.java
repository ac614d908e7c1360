/** The boundary rules and the tests that they detect violations. */
@NullMarked
package dev.onsale.rehearsal.boundary;

import org.jspecify.annotations.NullMarked;
