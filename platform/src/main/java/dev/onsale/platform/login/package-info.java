/** Login of browsers: the bearer token in a cookie, and what keeps other sites from using it. */
@NullMarked
package dev.onsale.platform.login;

import org.jspecify.annotations.NullMarked;
