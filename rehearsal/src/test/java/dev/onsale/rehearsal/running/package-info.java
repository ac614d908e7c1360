/** The application under test and its HTTP client. */
@NullMarked
package dev.onsale.rehearsal.running;

import org.jspecify.annotations.NullMarked;
