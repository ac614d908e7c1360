package dev.onsale.api.performance;

import dev.onsale.api.Money;

/**
 * The price of every seat of one category.
 *
 * @param category name of a category of the seating plan
 * @param price price of one seat
 */
public record PriceZone(String category, Money price) {}
