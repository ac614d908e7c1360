package dev.onsale.command.node;

import dev.onsale.command.node.NodePeer.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/** The connections to all other nodes. Thread-safe. */
final class NodePeers implements AutoCloseable {

    private final LoopResources loops;
    private final Function<Member, byte @Nullable []> secrets;
    private final Map<String, NodePeer> peers = new ConcurrentHashMap<>();

    /**
     * @param secrets the secret of a node, or {@code null} if it takes no connections
     */
    NodePeers(LoopResources loops, Function<Member, byte @Nullable []> secrets) {
        this.loops = loops;
        this.secrets = secrets;
    }

    void send(Member owner, byte[] command, Reply reply) {
        NodePeer peer = peers.get(owner.id());
        if (peer == null) {
            byte[] secret = secrets.apply(owner);
            if (secret == null) {
                reply.notTaken();
                return;
            }
            peer = peers.computeIfAbsent(owner.id(), id -> new NodePeer(loops.onClient(false), owner, secret));
        }
        peer.send(command, reply);
    }

    /** Ends the connections to nodes that have no lease any more. */
    void retain(ShardMap map) {
        List<String> gone = peers.keySet().stream()
                .filter(id -> !map.members().containsKey(id))
                .toList();
        for (String id : gone) {
            NodePeer peer = peers.remove(id);
            if (peer != null) {
                peer.close();
            }
        }
    }

    @Override
    public void close() {
        retain(ShardMap.EMPTY);
    }
}
