/** Everything here starts real servers and proves that they are gone afterwards. */
@NullMarked
package dev.onsale.embedded;

import org.jspecify.annotations.NullMarked;
