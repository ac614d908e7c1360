/** What changes of performances and campaigns have in common. */
@NullMarked
package dev.onsale.command.change;

import org.jspecify.annotations.NullMarked;
