/** How fast is an exported sale verified, and what does sealing cost? */
@NullMarked
package dev.onsale.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
