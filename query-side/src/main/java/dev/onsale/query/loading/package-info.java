/**
 * Loads what many ask for at once only once. What is loaded and how long it stays is decided by its owner.
 */
@NullMarked
package dev.onsale.query.loading;

import org.jspecify.annotations.NullMarked;
