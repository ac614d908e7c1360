/** Pages for buyers: static files, their routes and their Content-Security-Policy. */
@NullMarked
package dev.onsale.pages;

import org.jspecify.annotations.NullMarked;
