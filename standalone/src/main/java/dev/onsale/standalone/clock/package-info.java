/** The clock of the process. It follows the database's clock. */
@NullMarked
package dev.onsale.standalone.clock;

import org.jspecify.annotations.NullMarked;
