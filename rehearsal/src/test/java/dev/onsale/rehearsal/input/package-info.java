/** Bad requests: their responses, and that they have no effect. */
@NullMarked
package dev.onsale.rehearsal.input;

import org.jspecify.annotations.NullMarked;
