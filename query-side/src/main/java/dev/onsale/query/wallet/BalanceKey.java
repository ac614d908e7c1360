package dev.onsale.query.wallet;

import java.io.Serializable;

/** The primary key of a balance. */
record BalanceKey(String buyerId, String currency) implements Serializable {}
