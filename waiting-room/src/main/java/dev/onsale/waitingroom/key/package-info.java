/** How is a sale named, what are its Redis keys, and which clock does its room use? */
@NullMarked
package dev.onsale.waitingroom.key;

import org.jspecify.annotations.NullMarked;
