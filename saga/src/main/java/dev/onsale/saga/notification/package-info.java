/**
 * Notifies buyers and other systems of their reservations. It consumes Kafka, so no sale waits for a mail server.
 * What happened is decided elsewhere.
 */
@NullMarked
package dev.onsale.saga.notification;

import org.jspecify.annotations.NullMarked;
