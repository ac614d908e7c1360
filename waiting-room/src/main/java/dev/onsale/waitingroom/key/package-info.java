/** How is a sale named, in Redis keys too, and by which clock does its room go? */
@NullMarked
package dev.onsale.waitingroom.key;

import org.jspecify.annotations.NullMarked;
