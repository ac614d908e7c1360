/** Measures the product over HTTP against a bare server and against the service that a team would build instead. */
@NullMarked
package dev.onsale.benchmarks.http;

import org.jspecify.annotations.NullMarked;
