/** In which random order are the visitors of the pre-queue served, and how is that proven? */
@NullMarked
package dev.onsale.waitingroom.draw;

import org.jspecify.annotations.NullMarked;
