package dev.onsale.waitingroom.draw;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Draws the order of the visitors of the pre-queue. If the leader dies, the next one draws the same order: it depends
 * only on the seed and the buyer ids. Blocks.
 */
@Component
public class OpeningDraw {

    private static final LuaScript<ScriptReply> RANK = RoomScripts.withFunctions("rank");
    private static final LuaScript<ScriptReply> OPEN = RoomScripts.withFunctions("open-sale");
    private static final Duration STEP_MAX = Duration.ofSeconds(10);
    private static final int PAGE = 5_000;
    private static final int BATCH = 500;

    private final RedisScripts redis;
    private final RoomStore store;
    private final Journal journal;
    private final Clock clock;

    public OpeningDraw(RedisScripts redis, RoomStore store, Journal journal, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.store = store;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * What is needed to repeat the draw.
     *
     * @param visitors in the drawn order, each as SHA-256 of sale, line feed and buyer id
     */
    public record Draw(String saleId, String commitment, String seed, List<String> visitors) {}

    public boolean run(SaleId sale, long fence) {
        RoomDefinition room = store.find(sale).orElse(null);
        if (room == null) {
            return false;
        }
        RoomKeys keys = new RoomKeys(sale);
        List<String> order = Shuffle.order(sale, room.seed(), waitingBefore(keys));
        for (int from = 0; from < order.size(); from += BATCH) {
            List<String> arguments =
                    new ArrayList<>(List.of(ScriptTime.of(clock), Long.toString(fence), Integer.toString(from + 1)));
            arguments.addAll(order.subList(from, Math.min(order.size(), from + BATCH)));
            if (!run(RANK, List.of(keys.room(), keys.queue(), keys.seen(), keys.journal()), arguments)) {
                return false;
            }
        }
        return run(
                OPEN,
                List.of(keys.room(), keys.journal()),
                List.of(ScriptTime.of(clock), Long.toString(fence), Integer.toString(order.size())));
    }

    /** The draw according to the journal, empty until the sale has opened. Reads the whole journal. */
    Optional<Draw> published(RoomDefinition room) {
        Set<String> before = new LinkedHashSet<>();
        AtomicBoolean closed = new AtomicBoolean();
        AtomicBoolean opened = new AtomicBoolean();
        journal.read(room.sale().value(), entry -> {
            SupervisedWork.progress();
            if (entry.kind() == Kind.ENDED) {
                before.clear();
                closed.set(false);
                opened.set(false);
            } else if (entry.kind() == Kind.PRE_QUEUE_CLOSED) {
                closed.set(true);
            } else if (entry.kind() == Kind.OPENED) {
                opened.set(true);
            } else if (!closed.get()) {
                switch (entry.kind()) {
                    case JOINED -> before.add(entry.buyer());
                    case LEFT, SILENT -> before.remove(entry.buyer());
                    default -> {}
                }
            }
        });
        if (!opened.get()) {
            return Optional.empty();
        }
        List<String> visitors = Shuffle.visitors(room.sale(), Shuffle.order(room.sale(), room.seed(), before));
        return Optional.of(new Draw(room.sale().value(), room.commitment(), room.seed(), visitors));
    }

    static RefusedException notDrawn() {
        return new RefusedException(RefusalCode.SALE_NOT_OPEN, "The order is drawn when the sale opens");
    }

    private boolean run(LuaScript<ScriptReply> script, List<String> keys, List<String> arguments) {
        var reply = redis.run(script, keys, arguments.toArray(String[]::new)).block(STEP_MAX);
        SupervisedWork.progress();
        return reply != null && reply.outcome().equals("OK");
    }

    /** Buyers whose number was given out before the pre-queue closed. */
    private Set<String> waitingBefore(RoomKeys keys) {
        byte[] boundary = redis.call(commands -> commands.hget(bytes(keys.room()), bytes("boundary")))
                .block(STEP_MAX);
        if (boundary == null) {
            return Set.of();
        }
        long last = Long.parseLong(new String(boundary, StandardCharsets.UTF_8));
        Set<String> buyers = new LinkedHashSet<>();
        for (long from = 0; from <= last; from += PAGE) {
            var range = io.lettuce.core.Range.create(from, Math.min(last, from + PAGE - 1));
            List<byte[]> page = redis.call(commands -> commands.zrangebyscore(bytes(keys.queue()), range))
                    .block(STEP_MAX);
            SupervisedWork.progress();
            if (page != null) {
                page.forEach(buyer -> buyers.add(new String(buyer, StandardCharsets.UTF_8)));
            }
        }
        return buyers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
