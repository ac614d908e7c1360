/** How far the followers of the log are behind it, as metrics and as a health component. */
@NullMarked
package dev.onsale.command.follower;

import org.jspecify.annotations.NullMarked;
