/**
 * Serves the schemas of the facts that are told by Kafka. What is in them is decided by the facts.
 */
@NullMarked
package dev.onsale.query.schema;

import org.jspecify.annotations.NullMarked;
