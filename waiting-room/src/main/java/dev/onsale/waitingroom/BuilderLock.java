package dev.onsale.waitingroom;

import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the lock of one builder while it reads and folds a journal, however long that takes. */
final class BuilderLock {

    private static final Logger log = LoggerFactory.getLogger(BuilderLock.class);
    private static final Script RENEW = Script.load("renew-restore");
    private static final int RENEWALS_PER_LEASE = 3;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("waiting-room-builder-lock").daemon().factory());
    private final RedisScripts redis;
    private final RoomKeys keys;
    private final String builder;
    private final Duration lease;

    BuilderLock(RedisScripts redis, RoomKeys keys, String builder, Duration lease) {
        this.redis = redis;
        this.keys = keys;
        this.builder = builder;
        this.lease = lease;
        long every = Math.max(1, lease.toMillis() / RENEWALS_PER_LEASE);
        Future<?> unused = thread.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    /** A failed renewal is repeated. The scripts of the build find out whether the lock is lost. */
    private void renew() {
        try {
            redis.run(RENEW, List.of(keys.building()), builder, Long.toString(lease.toMillis()))
                    .block(lease);
        } catch (RuntimeException e) {
            log.debug("The lock of the builder of {} is not renewed", keys.sale(), e);
        }
    }

    void stopRenewing() {
        thread.shutdownNow();
    }
}
