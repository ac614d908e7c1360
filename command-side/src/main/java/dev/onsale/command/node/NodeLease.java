package dev.onsale.command.node;

import dev.onsale.command.store.WriteFence;
import dev.onsale.platform.supervision.NodeLeaseLost;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of this node to take commands. It is taken before the node starts its first thread that writes, renewed while the node
 * runs, and given up at a clean stop. After a crash the next node waits until it lapses.
 *
 * <p>A node that could not renew in time takes no commands until it can. A node that finds another owner has lost the lease for
 * good, and has to be started again. Thread-safe.
 */
final class NodeLease implements WriteFence, Supervised, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeLease.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    private final NodeLeaseTable table;
    private final NodeLeaseProperties settings;
    private final Consumer<NodeLeaseLost> whenLost;
    private final String owner = UUID.randomUUID().toString();
    private final SupervisedWork work = new SupervisedWork("command-node-lease", SILENT_MAX);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread renewing;
    private final long epoch;
    private volatile long renewedAt;
    private volatile boolean lost;

    /**
     * Takes the lease; waits for one that is no longer renewed.
     *
     * @param progress called once when the start has to wait
     * @throws NodeLeaseRefusedException if another node renews it
     */
    NodeLease(
            NodeLeaseTable table,
            NodeLeaseProperties settings,
            Consumer<NodeLeaseLost> whenLost,
            Consumer<String> progress) {
        this.table = table;
        this.settings = settings;
        this.whenLost = whenLost;
        this.renewedAt = System.nanoTime();
        this.epoch = take(progress);
        this.renewing = work.thread(work.restarting(this::isClosing, this::renewAgainAndAgain));
        renewing.start();
    }

    private long take(Consumer<String> progress) {
        NodeLeaseTable.Holder before = table.holder();
        long deadline = System.nanoTime() + settings.lapse().multipliedBy(3).toNanos();
        boolean told = false;
        while (true) {
            renewedAt = System.nanoTime();
            if (table.take(owner, host(), ProcessHandle.current().pid())) {
                return table.holder().epoch();
            }
            NodeLeaseTable.Holder now = table.holder();
            boolean isRenewed = now.epoch() != before.epoch() || now.heldUntil().isAfter(before.heldUntil());
            if (isRenewed || System.nanoTime() > deadline) {
                throw new NodeLeaseRefusedException("another node (" + described(now)
                        + ") already takes commands for this database; stop it first, or use another database");
            }
            if (!told) {
                progress.accept("Waiting up to " + settings.lapse().toSeconds()
                        + " s for the lease of the node that ran" + " before (" + described(now) + ") ...");
                told = true;
            }
            pause();
        }
    }

    private void pause() {
        try {
            boolean unused = closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the lease", e);
        }
    }

    private static String described(NodeLeaseTable.Holder holder) {
        return "host " + holder.host() + ", pid " + holder.pid() + ", since "
                + holder.since().toInstant(ZoneOffset.UTC);
    }

    private static String host() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            return "unknown";
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void renewAgainAndAgain() throws InterruptedException {
        while (!lost && !closing.await(settings.renewEvery().toMillis(), TimeUnit.MILLISECONDS)) {
            renewOnce();
        }
    }

    private void renewOnce() {
        // Before the call: the database may have taken it any time later.
        long begun = System.nanoTime();
        try {
            if (table.renew(owner, epoch)) {
                renewedAt = begun;
                work.completed();
            } else {
                lose("another node (" + described(table.holder()) + ") has taken the lease over");
            }
        } catch (RuntimeException away) {
            work.failed(away);
        }
    }

    private synchronized void lose(String why) {
        if (!lost) {
            lost = true;
            log.error("This node takes no more commands and has to be started again: {}", why);
            whenLost.accept(new NodeLeaseLost(why));
        }
    }

    /** This node cannot do its work any more: another may take the lease at once. */
    @Override
    public void giveUp() {
        lose("its writers failed; the lease is given up");
        release();
    }

    private void release() {
        try {
            table.release(owner, epoch);
        } catch (RuntimeException away) {
            log.info("The lease could not be given up and lapses by itself: {}", away.toString());
        }
    }

    @Override
    public boolean isOpen() {
        return !lost && System.nanoTime() - renewedAt < settings.lapse().toNanos();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    boolean isLost() {
        return lost;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    /** After everything that writes has stopped. */
    @Override
    public void close() {
        closing.countDown();
        try {
            renewing.join(settings.lapse().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!lost) {
            lost = true;
            release();
        }
    }
}
