/** The pages for buyers in a real browser, on the real application. */
@NullMarked
package dev.onsale.rehearsal.pages;

import org.jspecify.annotations.NullMarked;
