/** The lease that lets one node take commands for a database. */
@NullMarked
package dev.onsale.command.node;

import org.jspecify.annotations.NullMarked;
