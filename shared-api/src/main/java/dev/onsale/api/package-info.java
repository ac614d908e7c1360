/**
 * The words every side of Onsale speaks: identifiers, money, refusals and what makes a fact or an order.
 * Decides nothing; the rules live with the aggregates of the command side.
 */
@NullMarked
package dev.onsale.api;

import org.jspecify.annotations.NullMarked;
