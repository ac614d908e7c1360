/** The nodes that take commands for one database: who owns which shard of the routing keys, and how commands get to the owner. */
@NullMarked
package dev.onsale.command.node;

import org.jspecify.annotations.NullMarked;
