package dev.onsale.waitingroom.recovery;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import io.lettuce.core.XTrimArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Copies journal entries from Redis to the database. Several nodes may do so at once: an entry has an id and is written
 * once. Blocks.
 */
@Component
public class JournalWriter {

    private static final Logger log = LoggerFactory.getLogger(JournalWriter.class);
    private static final LuaScript<ScriptReply> READ = RoomScripts.load("read-journal");
    private static final Duration STEP_MAX = Duration.ofSeconds(10);
    private static final int BATCH = 5_000;

    /** Batches in one go, before the next room. */
    private static final int BATCHES_MAX = 20;

    private final RedisScripts redis;
    private final Journal journal;

    public JournalWriter(RedisScripts redis, Journal journal) {
        this.redis = redis;
        this.journal = journal;
    }

    /**
     * Writes the pending entries.
     *
     * @return number of entries
     */
    public int write(SaleId sale) {
        RoomKeys keys = new RoomKeys(sale);
        int written = 0;
        for (int batch = 0; batch < BATCHES_MAX; batch++) {
            ScriptReply reply = redis.run(READ, List.of(keys.room(), keys.journal()), Integer.toString(BATCH))
                    .block(STEP_MAX);
            if (reply == null || reply.size() <= 1) {
                return written;
            }
            List<JournalEntry> entries = new ArrayList<>();
            for (int index = 1; index < reply.size(); index += 2) {
                entries.add(JournalEntry.parse(reply.text(index), reply.text(index + 1)));
            }
            if (!journal.append(sale.value(), reply.number(0), entries)) {
                log.debug("The journal of {} was read from an outdated room", sale);
                return written;
            }
            JournalEntry last = entries.getLast();
            redis.call(commands -> commands.xtrim(
                            keys.journal().getBytes(StandardCharsets.UTF_8),
                            XTrimArgs.Builder.minId(last.millis() + "-" + (last.sequence() + 1))))
                    .block(STEP_MAX);
            written += entries.size();
            if (entries.size() < BATCH) {
                return written;
            }
        }
        return written;
    }
}
