/**
 * Decides about the points of buyers: never below nothing, each payment's points taken once and given back once.
 * What the points pay for is left to the reservation and the saga.
 */
@NullMarked
package dev.onsale.command.wallet;

import org.jspecify.annotations.NullMarked;
