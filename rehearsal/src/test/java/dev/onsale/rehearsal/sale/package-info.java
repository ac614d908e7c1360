/** A whole sale over HTTP, checked in the log, Kafka, the read models and the gateway. */
@NullMarked
package dev.onsale.rehearsal.sale;

import org.jspecify.annotations.NullMarked;
