/** Tests of what many load at once. */
@NullMarked
package dev.onsale.query.loading;

import org.jspecify.annotations.NullMarked;
