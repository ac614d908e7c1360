package dev.onsale.command.node;

import java.util.Set;

/** Is told after each look at the nodes and their shards. */
@FunctionalInterface
interface NodeWatcher {

    /**
     * @param self the id of this node
     * @return the nodes that this node cannot reach
     */
    Set<String> looked(ShardMap map, String self);
}
