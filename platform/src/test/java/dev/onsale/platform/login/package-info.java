/** Tests of the rate limits. */
@NullMarked
package dev.onsale.platform.login;

import org.jspecify.annotations.NullMarked;
