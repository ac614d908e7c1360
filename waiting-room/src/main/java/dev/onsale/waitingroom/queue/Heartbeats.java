package dev.onsale.waitingroom.queue;

import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import io.lettuce.core.BitFieldArgs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Collects the signs of life of visitors and writes them in batches: one command for hundreds of polls. A node that
 * dies loses its last batch; visitors may be silent for minutes.
 */
@Component
public final class Heartbeats {

    static final int AT_ONCE = 512;

    private static final long TICKS = 1L << 32;
    private static final BitFieldArgs.BitFieldType TICK = BitFieldArgs.unsigned(32);

    private final RedisScripts redis;
    private final int atOnce;
    private final Map<SaleId, Map<Long, Long>> gathered = new ConcurrentHashMap<>();

    @Autowired
    public Heartbeats(RedisScripts redis) {
        this(redis, AT_ONCE);
    }

    public Heartbeats(RedisScripts redis, int atOnce) {
        this.redis = redis;
        this.atOnce = atOnce;
    }

    /** Completes when the sign is collected, or written if the batch is full. */
    public Mono<Void> sign(SaleId sale, long number, long now) {
        Map<Long, Long> of = gathered.computeIfAbsent(sale, key -> new ConcurrentHashMap<>());
        of.put(number, Math.floorMod(now, TICKS));
        return of.size() >= atOnce ? write(sale) : Mono.empty();
    }

    /** Rooms with unwritten signs. */
    public List<SaleId> gathered() {
        return List.copyOf(gathered.keySet());
    }

    /** Writes the batch of one room. */
    public Mono<Void> write(SaleId sale) {
        Map<Long, Long> of = gathered.remove(sale);
        if (of == null || of.isEmpty()) {
            return Mono.empty();
        }
        BitFieldArgs signs = new BitFieldArgs();
        of.forEach((number, tick) -> signs.set(TICK, BitFieldArgs.typeWidthBasedOffset(number.intValue()), tick));
        byte[] key = new RoomKeys(sale).seen().getBytes(StandardCharsets.UTF_8);
        return redis.call(commands -> commands.bitfield(key, signs)).then();
    }
}
