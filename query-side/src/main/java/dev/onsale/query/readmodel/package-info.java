/**
 * What a read model is: tables and a fold of facts into their rows, declared once. Consumption runs the fold on the
 * batches of Kafka, a rebuild and a comparison run it on the log.
 */
@NullMarked
package dev.onsale.query.readmodel;

import org.jspecify.annotations.NullMarked;
