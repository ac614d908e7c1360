/**
 * A whole sale over HTTP, and what the log, Kafka, the read models and the gateway say of it.
 * Stampedes and bad requests are tested elsewhere.
 */
@NullMarked
package dev.onsale.rehearsal.sale;

import org.jspecify.annotations.NullMarked;
