/**
 * The command side put together: what decides, what guards it and what tells the world.
 * Decides nothing itself.
 */
@NullMarked
package dev.onsale.command;

import org.jspecify.annotations.NullMarked;
