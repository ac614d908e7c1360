/** The state of guards in Redis: keys, scripts, facts applied, how long it is kept, and what was reported about it. */
@NullMarked
package dev.onsale.command.guard.state;

import org.jspecify.annotations.NullMarked;
