/**
 * The query side: read models folded from the facts, the audit of the event store and the REST API that answers from both.
 * It decides nothing about a sale.
 */
@NullMarked
package dev.onsale.query;

import org.jspecify.annotations.NullMarked;
