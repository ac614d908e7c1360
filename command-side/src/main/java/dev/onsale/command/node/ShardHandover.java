package dev.onsale.command.node;

import dev.onsale.command.node.ShardBalance.Move;
import dev.onsale.command.store.ShardOwnership;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gives shards of this node away: closes them, waits for the commands inside, and writes the new owner. Used by one thread. */
final class ShardHandover {

    private static final Duration DRAIN_MAX = Duration.ofMillis(300);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final NodeTable table;
    private final ShardLeases leases;
    private final CountDownLatch closing;

    /**
     * @param closing is counted down when nothing shall wait any more
     */
    ShardHandover(NodeTable table, ShardLeases leases, CountDownLatch closing) {
        this.table = table;
        this.leases = leases;
        this.closing = closing;
    }

    /**
     * False if commands are still inside after a moment. Then the shards stay with this node, and are open again when the owners have
     * been read.
     */
    boolean handOver(String self, List<Move> moves) throws InterruptedException {
        moves.forEach(move -> leases.close(move.shard()));
        long until = System.nanoTime() + DRAIN_MAX.toNanos();
        while (moves.stream().anyMatch(move -> leases.isBusy(move.shard()))) {
            if (System.nanoTime() > until || closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        moves.stream()
                .map(Move::target)
                .distinct()
                .forEach(target -> table.handOver(self, target, shards(moves, target)));
        moves.forEach(move -> leases.set(move.shard(), ShardOwnership.NOT_OWNED));
        return true;
    }

    private static List<Integer> shards(List<Move> moves, String target) {
        return moves.stream()
                .filter(move -> move.target().equals(target))
                .map(Move::shard)
                .toList();
    }
}
