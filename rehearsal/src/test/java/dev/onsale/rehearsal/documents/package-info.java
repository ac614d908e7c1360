/** Checks that the generated tables in {@code docs} are up to date. */
@NullMarked
package dev.onsale.rehearsal.documents;

import org.jspecify.annotations.NullMarked;
