/**
 * Lets a reader wait until the read models have seen what the reader wrote. Which position that is, the command side says.
 */
@NullMarked
package dev.onsale.query.position;

import org.jspecify.annotations.NullMarked;
