/** The tables in {@code docs} that are generated from the code are up to date. */
@NullMarked
package dev.onsale.rehearsal.documents;

import org.jspecify.annotations.NullMarked;
