package dev.onsale.command.node;

import dev.onsale.command.node.NodePeer.Reply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/** The connections to all other nodes. Thread-safe. */
final class NodePeers implements NodeWatcher, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodePeers.class);

    private final LoopResources loops;
    private final @Nullable NodeTls tls;
    private final Function<Member, byte @Nullable []> secrets;
    private final Map<String, NodePeer> peers = new ConcurrentHashMap<>();
    private volatile Set<String> unreachable = Set.of();

    /**
     * @param tls {@code null} for connections that are not encrypted
     * @param secrets the secret of a node, or {@code null} if it takes no connections
     */
    NodePeers(LoopResources loops, @Nullable NodeTls tls, Function<Member, byte @Nullable []> secrets) {
        this.loops = loops;
        this.tls = tls;
        this.secrets = secrets;
    }

    void send(Member owner, byte[] command, Reply reply) {
        NodePeer peer = peer(owner);
        if (peer == null) {
            reply.notTaken();
        } else {
            peer.send(command, reply);
        }
    }

    /** {@code null} if the node takes no connections. */
    private @Nullable NodePeer peer(Member owner) {
        NodePeer known = peers.get(owner.id());
        if (known != null) {
            return known;
        }
        byte[] secret = secrets.apply(owner);
        return secret == null
                ? null
                : peers.computeIfAbsent(owner.id(), id -> new NodePeer(loops.onClient(false), tls, owner, secret));
    }

    /** Asks all other nodes whether they are there, and ends the connections to those that have no lease any more. */
    @Override
    public Set<String> looked(ShardMap map, String self) {
        retain(map);
        Set<String> away = map.members().values().stream()
                .filter(member ->
                        member.state() != Member.State.STARTING && !member.id().equals(self) && !isReachable(member))
                .map(Member::id)
                .collect(Collectors.toUnmodifiableSet());
        tell(map, away);
        unreachable = away;
        return away;
    }

    private boolean isReachable(Member member) {
        NodePeer peer = peer(member);
        if (peer == null) {
            return false;
        }
        peer.ping();
        return peer.isReachable();
    }

    private void tell(ShardMap map, Set<String> away) {
        for (Member member : map.members().values()) {
            boolean was = unreachable.contains(member.id());
            if (away.contains(member.id()) && !was) {
                log.warn(
                        "The node {} cannot be reached at {}:{}; it gets no shards from this node. Is onsale.command.nodes.address"
                                + " of that node an address that this one can reach, and do both have the same master key?",
                        member.id(),
                        member.address(),
                        member.port());
            } else if (was && !away.contains(member.id())) {
                log.info("The node {} can be reached again", member.id());
            }
        }
    }

    private void retain(ShardMap map) {
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
