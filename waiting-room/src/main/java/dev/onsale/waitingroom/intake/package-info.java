/** How do joins and reservation events reach a room, over HTTP and Kafka? */
@NullMarked
package dev.onsale.waitingroom.intake;

import org.jspecify.annotations.NullMarked;
