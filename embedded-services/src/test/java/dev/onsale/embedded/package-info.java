/** These tests start real servers and check that no process is left at the end. */
@NullMarked
package dev.onsale.embedded;

import org.jspecify.annotations.NullMarked;
