/** Many requests at the same time, and connections that must stay usable. */
@NullMarked
package dev.onsale.rehearsal.race;

import org.jspecify.annotations.NullMarked;
