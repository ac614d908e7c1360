package dev.onsale.command.node;

import dev.onsale.command.node.ShardBalance.Move;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the nodes of the database: renews its lease, follows who owns which shard, takes shards whose owner is gone, and
 * gives shards away until every node has its share. One thread does all of it. Thread-safe.
 */
final class NodeMembership implements ShardOwnership, Supervised, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeMembership.class);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(10);

    /** A node that joins waits about as long as a renewal takes. */
    private static final int PATIENT_MILLIS = 2_000;

    /** Shards that a node hands over at once when it stops. */
    private static final int HANDED_OVER_AT_ONCE = 16;

    private final NodeTable table;
    private final NodeLeaseProperties settings;
    private final NodeRegistration registration;
    private final Consumer<NodeLeaseLost> whenLost;
    private final ShardLeases leases;
    private final LapseWatch watch;
    private final ShardHandover handover;
    private final SupervisedWork work = new SupervisedWork("command-node-lease", SILENT_MAX);
    private final Semaphore looks = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch handedOver = new CountDownLatch(1);
    private final Thread thread;
    private volatile ShardMap map = ShardMap.EMPTY;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile NodeWatcher watcher = (looked, self) -> Set.of();
    private volatile Set<String> unreachable = Set.of();
    private final LongAdder ownerChanges = new LongAdder();
    private volatile boolean served;
    private volatile boolean lost;
    private long renewedAt;

    /** Registers this node. It gets no shard before {@link #start}. */
    NodeMembership(
            NodeTable table,
            NodeLeaseProperties settings,
            NodeRegistration registration,
            Consumer<NodeLeaseLost> whenLost) {
        this.table = table;
        this.settings = settings;
        this.registration = registration;
        this.whenLost = whenLost;
        this.leases = new ShardLeases(settings.trusted());
        this.watch = new LapseWatch(settings.lapse());
        this.handover = new ShardHandover(table, leases, closing);
        registration.join(table);
        this.renewedAt = System.nanoTime() - settings.renewEvery().toNanos();
        this.thread = work.thread(work.restarting(this::isClosing, this::follow));
        thread.start();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /**
     * Takes part from now on, and waits until every shard has an owner that runs; at most three times as long as a lease lasts. The
     * lease of a node that was killed just before looks like any other until it lapses.
     */
    void start(int port, byte[] secret, Consumer<String> progress) {
        registration.ready(table, port, secret);
        long deadline = System.nanoTime() + settings.lapse().multipliedBy(3).toNanos();
        boolean told = false;
        for (int waits = 0; !served; waits++) {
            if (System.nanoTime() > deadline || isClosing()) {
                log.warn("Not all shards have an owner that runs");
                return;
            }
            if (waits * LOOK_PAUSE.toMillis() > PATIENT_MILLIS && !told) {
                progress.accept("Waiting up to " + settings.lapse().toSeconds()
                        + " s for the lease of a node that ran before ...");
                told = true;
            }
            lookSoon();
            pause();
        }
    }

    private void pause() {
        try {
            boolean unused = closing.await(LOOK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for shards", e);
        }
    }

    private void follow() throws InterruptedException {
        while (!isClosing() && !lost) {
            try {
                round();
                work.completed();
            } catch (RuntimeException away) {
                work.failed(away);
            }
            long rest = renewedAt + settings.renewEvery().toNanos() - System.nanoTime();
            boolean unused = looks.tryAcquire(Math.max(0, rest), TimeUnit.NANOSECONDS);
            looks.drainPermits();
            unused = closing.await(LOOK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void round() throws InterruptedException {
        long begun = System.nanoTime();
        boolean isDue = begun - renewedAt >= settings.renewEvery().toNanos() || !leases.isTrusted();
        if (isDue && !table.renew(registration.id())) {
            leases.loseAll();
            log.warn("The lease of this node was removed because it was not renewed in time; the node joins again");
            registration.join(table);
        }
        look();
        if (isDue && !lost) {
            // After the look: what was lost meanwhile must not be trusted again.
            leases.renewed(begun);
            renewedAt = begun;
        }
        if (registration.isReady()) {
            takeOver();
            giveAway(begun);
        } else if (registration.isLeaving()) {
            giveEverythingAway();
        }
    }

    private void look() {
        ShardMap now = ShardMap.of(table.members(), table.shards());
        watch.look(now.members().values(), System.nanoTime());
        String self = registration.id();
        now.shards()
                .forEach(owned -> leases.set(owned.shard(), self.equals(owned.node()) && !lost ? owned.epoch() : 0));
        Set<String> running = new HashSet<>(watch.renewed());
        running.add(self);
        ownerChanges.add(now.changesFrom(map));
        map = now;
        served = now.isOwnedBy(running);
        unreachable = watcher.looked(now, self);
    }

    void watchedBy(NodeWatcher told) {
        watcher = told;
    }

    private void takeOver() {
        boolean gone = false;
        for (Member member : map.members().values()) {
            boolean other = !member.id().equals(registration.id());
            if (other && registration.process().hasEnded(member.process())) {
                gone |= table.remove(member.id());
            } else if (other && watch.hasLapsed(member, System.nanoTime())) {
                gone |= table.removeLapsed(member);
            }
        }
        if (gone) {
            look();
        }
        List<Integer> free = map.free();
        if (!free.isEmpty() && table.takeFree(registration.id(), free) > 0) {
            look();
        }
    }

    private void giveAway(long begun) throws InterruptedException {
        long until = begun + settings.renewEvery().toNanos() / 2;
        Move move = ShardBalance.next(map, registration.id(), unreachable);
        boolean changed = move != null;
        while (move != null && System.nanoTime() < until && given(List.of(move))) {
            move = ShardBalance.next(map, registration.id(), unreachable);
        }
        if (changed) {
            look();
        }
    }

    private void giveEverythingAway() throws InterruptedException {
        List<Move> moves = ShardBalance.all(map, registration.id(), unreachable);
        for (int from = 0; from < moves.size(); from += HANDED_OVER_AT_ONCE) {
            boolean unused = given(moves.subList(from, Math.min(moves.size(), from + HANDED_OVER_AT_ONCE)));
        }
        look();
        if (ShardBalance.all(map, registration.id(), unreachable).isEmpty()) {
            handedOver.countDown();
        }
    }

    private boolean given(List<Move> moves) throws InterruptedException {
        boolean given = handover.handOver(registration.id(), moves);
        if (given) {
            map = map.after(moves);
        }
        return given;
    }

    /** The owners known now. */
    ShardMap map() {
        return map;
    }

    String id() {
        return registration.id();
    }

    /** The nodes that this node cannot reach. They get no shards from it. */
    Set<String> unreachable() {
        return unreachable;
    }

    /** Reads the owners again as soon as possible. */
    void lookSoon() {
        looks.release();
    }

    @Override
    public void suspect() {
        leases.distrust();
        lookSoon();
    }

    @Override
    public long epoch(int shard) {
        return lost ? NOT_OWNED : leases.epoch(shard);
    }

    @Override
    public boolean isChecked() {
        return true;
    }

    @Override
    public boolean enter(int shard) {
        return !lost && leases.enter(shard);
    }

    @Override
    public void leave(int shard) {
        leases.leave(shard);
    }

    /** Changes of owners that this node has seen. */
    long ownerChanges() {
        return ownerChanges.sum();
    }

    int owned() {
        return leases.owned();
    }

    boolean isTrusted() {
        return leases.isTrusted();
    }

    boolean isLost() {
        return lost;
    }

    /** This node cannot do its work any more: others take its shards at once. */
    @Override
    public void giveUp() {
        lost = true;
        if (!ended.getAndSet(true)) {
            leases.loseAll();
            String why = "its writers failed; its shards are given up";
            log.error("This node takes no more commands and has to be started again: {}", why);
            whenLost.accept(new NodeLeaseLost(why));
            end();
        }
    }

    private void end() {
        try {
            table.leave(registration.id());
        } catch (RuntimeException away) {
            log.info("The lease could not be given up and lapses by itself: {}", away.toString());
        }
    }

    /** Hands all shards over to the other nodes, if there are any, while commands still come in. */
    void handOver(Duration patience) {
        if (lost) {
            return;
        }
        try {
            registration.leaving(table);
            for (long until = System.nanoTime() + patience.toNanos();
                    !handedOver.await(LOOK_PAUSE.toMillis(), TimeUnit.MILLISECONDS) && System.nanoTime() < until; ) {
                lookSoon();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            log.info("The shards could not be handed over: {}", away.toString());
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    /** After everything that writes has stopped. */
    @Override
    public void close() {
        closing.countDown();
        lookSoon();
        try {
            thread.join(settings.lapse().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leases.loseAll();
        lost = true;
        if (!ended.getAndSet(true)) {
            end();
        }
    }
}
