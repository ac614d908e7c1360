/**
 * Violations planted for the boundary rules, which must find them.
 * Nothing else uses these classes.
 */
@NullMarked
package dev.onsale.planted.pages;

import org.jspecify.annotations.NullMarked;
