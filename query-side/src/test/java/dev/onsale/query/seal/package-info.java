@NullMarked
package dev.onsale.query.seal;

import org.jspecify.annotations.NullMarked;
