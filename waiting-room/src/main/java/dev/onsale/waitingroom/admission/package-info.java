/** Who may enter a sale now, and for how long? */
@NullMarked
package dev.onsale.waitingroom.admission;

import org.jspecify.annotations.NullMarked;
