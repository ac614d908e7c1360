/**
 * Tells the world every fact through Kafka, at least once and in order.
 * What others make of it is left to them.
 */
@NullMarked
package dev.onsale.command.publishing;

import org.jspecify.annotations.NullMarked;
