/**
 * Shows that the verdict bites: each promise is broken by hand once and must be found and named.
 */
@NullMarked
package dev.onsale.verification.verdict;

import org.jspecify.annotations.NullMarked;
