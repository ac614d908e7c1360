package dev.onsale.waitingroom.recovery;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomBuilder;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.token.EntryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Builds a room in Redis: a new one empty, one that Redis lost from its journal. The room is visible only when it is
 * complete. Blocks.
 */
@Component
public class RoomRestorer implements RoomBuilder, Supervised {

    private static final Logger log = LoggerFactory.getLogger(RoomRestorer.class);
    private static final Duration LOCK_FOR = Duration.ofSeconds(10);

    /** Longer than any single step, however large the room is. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(60);

    private final RedisScripts redis;
    private final RoomStore store;
    private final RoomDirectory directory;
    private final Journal journal;
    private final EntryStore entries;
    private final Clock clock;
    private final Duration lockFor;
    private final SupervisedWork restoring;
    private final SupervisedWork renewals =
            SupervisedWork.onDemand("waiting-room-builder-lock", SILENT_MAX).optional();

    @Autowired
    public RoomRestorer(
            RedisScripts redis,
            RoomStore store,
            RoomDirectory directory,
            Journal journal,
            EntryStore entries,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this(redis, store, directory, journal, entries, clock, LOCK_FOR, SILENT_MAX);
    }

    /**
     * @param lockFor lease of the builder lock
     * @param silentMax how long a build may make no progress before it loses its lock
     */
    public RoomRestorer(
            RedisScripts redis,
            RoomStore store,
            RoomDirectory directory,
            Journal journal,
            EntryStore entries,
            Clock clock,
            Duration lockFor,
            Duration silentMax) {
        this.redis = redis;
        this.store = store;
        this.directory = directory;
        this.journal = journal;
        this.entries = entries;
        this.clock = clock;
        this.lockFor = lockFor;
        this.restoring =
                SupervisedWork.onDemand("waiting-room-restoration", silentMax).optional();
    }

    @Override
    public boolean restore(SaleId sale) {
        restoring.started();
        restoring.begin();
        try {
            return build(sale);
        } finally {
            restoring.end();
        }
    }

    private boolean build(SaleId sale) {
        RoomDefinition room = store.find(sale).orElse(null);
        if (room == null) {
            return false;
        }
        RoomBuild build =
                new RoomBuild(redis, new RoomKeys(sale), UUID.randomUUID().toString(), lockFor, clock);
        String begun = build.begin(Math.max(1, room.epoch()));
        if (!begun.equals("OK")) {
            return begun.equals("THERE");
        }
        Thread thread = Thread.currentThread();
        build.renewLock(() -> restoring.isSilent(thread), renewals);
        boolean built = false;
        try {
            // From here on no node writes entries of the lost Redis, so the journal is complete.
            if (!store.nextEpoch(room)) {
                return false;
            }
            RoomDefinition now = directory.refresh(sale);
            built = now != null && fill(build, now);
            return built;
        } finally {
            build.stopRenewing();
            if (!built) {
                release(build, sale);
            }
        }
    }

    private static void release(RoomBuild build, SaleId sale) {
        try {
            build.release();
        } catch (RuntimeException away) {
            log.debug("The builder lock of {} could not be released and expires", sale, away);
        }
    }

    private boolean fill(RoomBuild build, RoomDefinition room) {
        long now = clock.millis();
        long began = System.nanoTime();
        JournalFold fold = new JournalFold();
        journal.read(room.sale().value(), entry -> {
            fold.apply(entry);
            SupervisedWork.progress();
        });
        List<EntryStore.Entry> used = entries.since(room.sale(), now - RestoredRoom.activeMillis(room));
        RestoredRoom restored = new RestoredRoom(room, fold, used, now);
        if (!build.write(restored, fold, now)) {
            throw new IllegalStateException("The builder lock was lost during the build");
        }
        if (!fold.empty) {
            log.warn(
                    "Restored the waiting room of {} from its journal in {} ms: {} waiting, {} inside. Events after {}"
                            + " are lost",
                    room.sale(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                    fold.waiting.size(),
                    restored.places().size() / 4,
                    Instant.ofEpochMilli(fold.lastAt));
        }
        return true;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(restoring, renewals);
    }
}
