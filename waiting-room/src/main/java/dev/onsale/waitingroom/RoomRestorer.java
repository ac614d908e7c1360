package dev.onsale.waitingroom;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.journal.JournalFold;
import dev.onsale.waitingroom.journal.JournalFold.Place;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Builds a room in Redis from the database: a new one from nothing, one that Redis lost from its journal. Nobody sees the
 * room before it is whole. Blocks.
 */
@Component
class RoomRestorer implements Supervised {

    private static final Logger log = LoggerFactory.getLogger(RoomRestorer.class);
    private static final LuaScript<ScriptReply> BEGIN = RoomScripts.load("begin-restore");
    private static final LuaScript<ScriptReply> BATCH = RoomScripts.withFunctions("restore");
    private static final LuaScript<ScriptReply> JOURNAL = RoomScripts.load("begin-journal");
    private static final LuaScript<ScriptReply> END = RoomScripts.load("end-restore");
    private static final int BATCH_SIZE = 500;
    private static final Duration STEP_MAX = Duration.ofSeconds(10);
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
    RoomRestorer(
            RedisScripts redis,
            RoomStore store,
            RoomDirectory directory,
            Journal journal,
            EntryStore entries,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this(redis, store, directory, journal, entries, clock, LOCK_FOR, SILENT_MAX);
    }

    /**
     * @param lockFor how long the lock of a builder outlives its node
     * @param silentMax how long a builder may make no progress: it loses its lock then
     */
    RoomRestorer(
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

    /** True if the room is there afterwards; false if another node is building it or it was deleted. */
    boolean restore(SaleId sale) {
        restoring.started();
        restoring.begin();
        try {
            return restored(sale);
        } finally {
            restoring.end();
        }
    }

    private boolean restored(SaleId sale) {
        RoomDefinition room = store.find(sale).orElse(null);
        if (room == null) {
            return false;
        }
        RoomKeys keys = new RoomKeys(sale);
        String builder = UUID.randomUUID().toString();
        String begun = run(
                        BEGIN,
                        List.of(
                                keys.room(),
                                keys.building(),
                                keys.queue(),
                                keys.seen(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.sequence(),
                                keys.journal(),
                                keys.refusals()),
                        List.of(builder, Long.toString(lockFor.toMillis()), Long.toString(Math.max(1, room.epoch()))))
                .outcome();
        if (!begun.equals("OK")) {
            return begun.equals("THERE");
        }
        Thread thread = Thread.currentThread();
        BuilderLock lock = new BuilderLock(redis, keys, builder, lockFor, () -> restoring.isSilent(thread), renewals);
        boolean built = false;
        try {
            // From here on what others read from the lost Redis is not written any more: the journal is complete.
            if (!store.nextEpoch(room)) {
                return false;
            }
            RoomDefinition now = directory.refresh(sale);
            built = now != null && whole(new Build(now, keys, builder));
            return built;
        } finally {
            lock.stopRenewing();
            if (!built) {
                release(lock, sale);
            }
        }
    }

    private static void release(BuilderLock lock, SaleId sale) {
        try {
            lock.release();
        } catch (RuntimeException away) {
            log.debug("The lock of the builder of {} ends by itself", sale, away);
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(restoring, renewals);
    }

    private boolean whole(Build build) {
        if (build.run()) {
            return true;
        }
        throw new IllegalStateException("The lock of the builder was lost on the way");
    }

    private ScriptReply run(LuaScript<ScriptReply> script, List<String> keys, List<String> arguments) {
        ScriptReply reply =
                redis.run(script, keys, arguments.toArray(String[]::new)).block(STEP_MAX);
        if (reply == null) {
            throw new IllegalStateException("No answer to " + script.name());
        }
        SupervisedWork.progress();
        return reply;
    }

    /** One room, once. */
    private final class Build {

        private final RoomDefinition room;
        private final RoomKeys keys;
        private final String builder;
        private final long now = clock.millis();
        private final long began = System.nanoTime();

        Build(RoomDefinition room, RoomKeys keys, String builder) {
            this.room = room;
            this.keys = keys;
            this.builder = builder;
        }

        boolean run() {
            JournalFold fold = new JournalFold();
            journal.read(room.sale().value(), entry -> {
                fold.apply(entry);
                SupervisedWork.progress();
            });
            boolean first = fold.isEmpty();
            List<String> told = new ArrayList<>();
            told.add(JournalEntry.text(Kind.RESTORED, now, JournalEntry.NOBODY, 0, "-", 0, 0));
            enteredAfterTheJournalEnds(fold, told);
            takeBackWhatIsTooMuch(fold, told);

            List<String> waiting = new ArrayList<>();
            fold.waiting().forEach(place -> {
                waiting.add(Long.toString(place.number()));
                waiting.add(place.buyer());
            });
            List<String> places = new ArrayList<>();
            fold.places().values().stream()
                    .filter(place -> place.placeUntil() > now)
                    .forEach(place -> places.addAll(List.of(
                            place.buyer(),
                            Long.toString(place.placeUntil()),
                            place.admission(),
                            place.entered() ? "1" : "0")));
            boolean whole = batches("waiting", waiting, 2)
                    && batches("places", places, 4)
                    && batches("holds", holds(fold), 4)
                    && "OK".equals(journalGoesOn(fold, told.getFirst()))
                    && batches("journal", told.subList(1, told.size()), 1)
                    && end(fold, first);
            if (whole && !first) {
                log.warn(
                        "Waiting room of {} restored from its journal in {} ms: {} wait, {} have a place; what happened"
                                + " after {} is lost",
                        room.sale(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                        waiting.size() / 2,
                        places.size() / 4,
                        java.time.Instant.ofEpochMilli(fold.lastAt()));
            }
            return whole;
        }

        /** The database knew of an entry before the buyer did; whoever is inside stays inside. */
        private void enteredAfterTheJournalEnds(JournalFold fold, List<String> told) {
            long activeMillis = RoomSettings.set(room.settings().activeSeconds()) * 1_000L;
            for (EntryStore.Entry entry : entries.since(room.sale(), now - activeMillis)) {
                long until = entry.enteredAt() + activeMillis;
                Place place = new Place(
                        entry.buyer(), entry.tokenId(), entry.admittedAt(), entry.tokenUntil(), until, true, 0);
                boolean unknown = !fold.knowsAdmission(entry.tokenId());
                Place known = fold.places().get(entry.buyer());
                boolean unentered = known != null && known.tokenId().equals(entry.tokenId()) && !known.entered();
                fold.entered(place);
                if (unknown) {
                    told.add(JournalEntry.text(
                            Kind.ADMITTED,
                            entry.admittedAt(),
                            entry.buyer(),
                            JournalFold.number(entry.tokenId()),
                            entry.tokenId(),
                            entry.tokenUntil(),
                            until));
                }
                if (unknown || unentered) {
                    told.add(JournalEntry.text(
                            Kind.ENTERED, entry.enteredAt(), entry.buyer(), 0, entry.tokenId(), 0, until));
                }
            }
        }

        /**
         * Places that were left after the journal ends look taken, and those who got them may have entered. The limit holds
         * all the same: admissions that nobody has used go back to their place in the queue, the newest first.
         */
        private void takeBackWhatIsTooMuch(JournalFold fold, List<String> told) {
            long taken = fold.places().values().stream()
                    .filter(place -> place.placeUntil() > now)
                    .count();
            long tooMany = taken - RoomSettings.set(room.settings().activeLimit());
            fold.places().values().stream()
                    .filter(place -> place.placeUntil() > now && !place.entered() && place.queueNumber() > 0)
                    .sorted(Comparator.comparingLong((Place place) -> JournalFold.number(place.tokenId()))
                            .reversed())
                    .limit(Math.max(0, tooMany))
                    .toList()
                    .forEach(place -> {
                        fold.giveBack(place);
                        told.add(JournalEntry.text(Kind.RETURNED, now, place.buyer(), place.queueNumber(), "-", 0, 0));
                    });
        }

        /** The reservations of those who have an open one. Who has none gets no other place freed by a repeated end. */
        private List<String> holds(JournalFold fold) {
            String remembered = Long.toString(OpenHolds.REMEMBERED.toMillis());
            List<String> values = new ArrayList<>();
            fold.holds().forEach((buyer, holds) -> {
                if (holds.values().stream().anyMatch(until -> until > now)) {
                    holds.forEach((reservation, until) ->
                            values.addAll(List.of(buyer, reservation, Long.toString(until), remembered)));
                }
            });
            return values;
        }

        private boolean batches(String kind, List<String> values, int width) {
            for (int from = 0; from < values.size(); from += BATCH_SIZE * width) {
                List<String> arguments = new ArrayList<>(
                        List.of(builder, Long.toString(lockFor.toMillis()), ScriptTime.of(clock), kind));
                arguments.addAll(values.subList(from, Math.min(values.size(), from + BATCH_SIZE * width)));
                if (!RoomRestorer.this
                        .run(
                                BATCH,
                                List.of(
                                        keys.building(),
                                        keys.queue(),
                                        keys.seen(),
                                        keys.active(),
                                        keys.admitted(),
                                        keys.entered(),
                                        keys.journal(),
                                        keys.holds("")),
                                arguments)
                        .outcome()
                        .equals("OK")) {
                    return false;
                }
            }
            return true;
        }

        private String journalGoesOn(JournalFold fold, String entry) {
            long after = Math.max(now, fold.lastMillis() + 1);
            return RoomRestorer.this
                    .run(JOURNAL, List.of(keys.building(), keys.journal()), List.of(builder, after + "-0", entry))
                    .outcome();
        }

        private boolean end(JournalFold fold, boolean first) {
            List<String> arguments = new ArrayList<>(List.of(builder, Long.toString(fold.maxNumber())));
            arguments.addAll(room.fields());
            arguments.addAll(List.of(
                    "phase",
                    phase(fold).name(),
                    "epoch",
                    Long.toString(room.epoch()),
                    "boundary",
                    Long.toString(Math.max(0, fold.boundary())),
                    "admittedTotal",
                    Long.toString(fold.admittedTotal())));
            if (!first) {
                arguments.addAll(
                        List.of("restoredAt", Long.toString(now), "journalUntil", Long.toString(fold.lastAt())));
            }
            return RoomRestorer.this
                    .run(END, List.of(keys.building(), keys.room(), keys.sequence()), arguments)
                    .outcome()
                    .equals("OK");
        }

        private RoomStatus.Phase phase(JournalFold fold) {
            if (room.settings().opensAt() == null || fold.opened()) {
                return RoomStatus.Phase.OPEN;
            }
            return fold.boundary() < 0 ? RoomStatus.Phase.PRE_QUEUE : RoomStatus.Phase.SHUFFLING;
        }
    }
}
