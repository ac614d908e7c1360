package dev.onsale.command.node;

import dev.onsale.command.node.NodeTable.Owned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The nodes and the owners of all shards at one moment. Immutable. */
record ShardMap(Map<String, Member> members, List<Owned> shards) {

    static final ShardMap EMPTY = new ShardMap(Map.of(), List.of());

    static ShardMap of(List<Member> members, List<Owned> shards) {
        return new ShardMap(
                members.stream().collect(Collectors.toUnmodifiableMap(Member::id, member -> member)),
                List.copyOf(shards));
    }

    /** The node with a lease that owns the shard. */
    @Nullable
    Member ownerOf(int shard) {
        String node = shards.isEmpty() ? null : shards.get(shard).node();
        return node == null ? null : members.get(node);
    }

    /** Shards that nobody with a lease owns. */
    List<Integer> free() {
        return shards.stream()
                .map(Owned::shard)
                .filter(shard -> ownerOf(shard) == null)
                .toList();
    }

    /** Whether each shard is owned by one of these nodes. */
    boolean isOwnedBy(Set<String> nodes) {
        return !shards.isEmpty()
                && shards.stream().map(Owned::node).allMatch(node -> node != null && nodes.contains(node));
    }

    /** With other owners. */
    ShardMap after(List<ShardBalance.Move> moves) {
        List<Owned> now = new ArrayList<>(shards);
        moves.forEach(move -> now.set(
                move.shard(),
                new Owned(move.shard(), move.target(), now.get(move.shard()).epoch() + 1)));
        return new ShardMap(members, List.copyOf(now));
    }

    /** How often shards have changed their owner since another map was read; 0 if that was empty. */
    long changesFrom(ShardMap before) {
        if (before.shards.size() != shards.size()) {
            return 0;
        }
        long changes = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            changes += Math.max(
                    0, shards.get(shard).epoch() - before.shards.get(shard).epoch());
        }
        return changes;
    }

    List<Integer> ownedBy(String node) {
        return shards.stream()
                .filter(owned -> node.equals(owned.node()))
                .map(Owned::shard)
                .toList();
    }

    /** How many shards each node has that is ready. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        members.values().stream()
                .filter(Member::isReady)
                .forEach(member -> counts.put(member.id(), ownedBy(member.id()).size()));
        return counts;
    }
}
