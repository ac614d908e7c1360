/**
 * Measures Onsale, its peer and the limit of the hardware in turn, in one run. What is correct is shown elsewhere.
 */
@NullMarked
package dev.onsale.benchmarks;

import org.jspecify.annotations.NullMarked;
