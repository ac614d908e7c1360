/**
 * Tells buyers and other systems what became of reservations, from Kafka and behind the sale: nothing waits for a mail server.
 * What happened is decided elsewhere.
 */
@NullMarked
package dev.onsale.saga.notification;

import org.jspecify.annotations.NullMarked;
