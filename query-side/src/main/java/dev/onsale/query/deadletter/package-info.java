/**
 * Keeps the records that consumers could not take, and whatever waits behind them under the same key, until an operator has
 * decided. How a record is taken is decided by its consumers.
 */
@NullMarked
package dev.onsale.query.deadletter;

import org.jspecify.annotations.NullMarked;
