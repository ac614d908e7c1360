/** The tables in {@code docs} that are generated from the code are up to date. */
@NullMarked
package dev.onsale.verification.documents;

import org.jspecify.annotations.NullMarked;
