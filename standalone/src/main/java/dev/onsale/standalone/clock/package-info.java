/** The clock of the process, which is the database's. */
@NullMarked
package dev.onsale.standalone.clock;

import org.jspecify.annotations.NullMarked;
