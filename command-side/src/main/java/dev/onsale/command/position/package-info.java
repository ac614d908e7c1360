/**
 * Tells who asks at which position of the log an order was written down. How the read models follow is theirs.
 */
@NullMarked
package dev.onsale.command.position;

import org.jspecify.annotations.NullMarked;
