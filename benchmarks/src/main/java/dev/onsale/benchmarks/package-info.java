/** Benchmarks. Each measures Onsale, a comparable system and an upper limit in alternating rounds of one run. */
@NullMarked
package dev.onsale.benchmarks;

import org.jspecify.annotations.NullMarked;
