package dev.onsale.query.wallet;

import java.io.Serializable;

/** The primary key of a line of a statement. */
record EntryKey(String buyerId, long position) implements Serializable {}
