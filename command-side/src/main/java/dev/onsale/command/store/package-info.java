/**
 * Stores the events of many commands in one transaction, and finds out for certain whether they were stored.
 */
@NullMarked
package dev.onsale.command.store;

import org.jspecify.annotations.NullMarked;
