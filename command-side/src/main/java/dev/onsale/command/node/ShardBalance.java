package dev.onsale.command.node;

import dev.onsale.command.store.Shards;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which shards a node gives away. Every node decides for its own shards only. */
final class ShardBalance {

    private ShardBalance() {}

    /** A shard for another node. */
    record Move(int shard, String target) {}

    /**
     * The next shard that the node gives away: only what is above the fair share, so that two nodes that give at the same time do not
     * give too much. {@code null} if it has no more than that.
     *
     * @param unreachable nodes that get nothing, because commands for them would not arrive
     */
    static @Nullable Move next(ShardMap map, String self, Set<String> unreachable) {
        Map<String, Integer> counts = map.counts();
        counts.keySet().removeAll(unreachable);
        Integer own = counts.get(self);
        if (own == null || own <= Math.ceilDiv(Shards.COUNT, counts.size())) {
            return null;
        }
        return counts.entrySet().stream()
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(least -> new Move(map.ownedBy(self).getLast(), least.getKey()))
                .orElse(null);
    }

    /** Divides all shards of a node that leaves among the others; empty if there is no other that it can reach. */
    static List<Move> all(ShardMap map, String self, Set<String> unreachable) {
        List<String> others = map.counts().entrySet().stream()
                .filter(node -> !node.getKey().equals(self) && !unreachable.contains(node.getKey()))
                .sorted(Comparator.comparing(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .toList();
        List<Move> moves = new ArrayList<>();
        for (int shard : others.isEmpty() ? List.<Integer>of() : map.ownedBy(self)) {
            moves.add(new Move(shard, others.get(moves.size() % others.size())));
        }
        return moves;
    }
}
