package dev.onsale.proof.verify;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Draw;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.proof.invariant.RoomEntry;
import dev.onsale.proof.invariant.RoomFold;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the waiting room's records: they have no gaps, the room admitted in order, and no buyer held seats without
 * being admitted.
 */
final class AdmissionFold {

    /** Maximum difference between the clocks of the nodes that admit visitors and hold seats. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final JsonMapper JSON = EventJson.strictMapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Tampering tampering;
    private final SaleState state;
    private final Map<String, Instant> entered = new HashMap<>();
    private final Set<String> usedTokens = new HashSet<>();
    private @Nullable RoomFold room;
    private @Nullable Draw draw;
    private Hash head = Hash.ZERO;
    private long count;

    AdmissionFold(Tampering tampering, SaleState state) {
        this.tampering = tampering;
        this.state = state;
    }

    /** Exactly one of the two is present. */
    private record Line(
            @Nullable Room room,
            @Nullable RoomEntry entry,
            @Nullable Used used,
            @Nullable String seed) {}

    private record Room(int activeLimitMax, String commitment) {}

    private record Used(String tokenId, String buyer, long enteredAt) {}

    void on(ExportLine.Admission admission, String saleKey, long line) {
        if (admission.number() != count + 1) {
            tampering.add("Record " + admission.number() + " of the waiting room (line " + line
                    + ") comes after record " + count);
        }
        count = admission.number();
        head = Hash.link(head, Hash.record(saleKey, admission.number(), admission.entry()));
        state.link(count, 0, head);
        try {
            on(JSON.readValue(admission.entry(), Line.class));
        } catch (JacksonException | NullPointerException | IllegalArgumentException none) {
            tampering.add("Record " + admission.number() + " of the waiting room (line " + line + ") is not a record");
        }
    }

    private void on(Line line) {
        Room promised = line.room();
        RoomFold fold = room;
        if (promised != null && fold == null) {
            room = RoomFold.of(promised.activeLimitMax());
            draw = new Draw(promised.commitment());
            return;
        }
        if (promised != null && fold != null && draw != null) {
            fold.limit(promised.activeLimitMax());
            draw.room(promised.commitment());
            return;
        }
        Draw drawn = draw;
        if (fold == null || drawn == null) {
            throw new IllegalArgumentException("The first record is not the room");
        }
        RoomEntry entry = line.entry();
        Used used = line.used();
        String seed = line.seed();
        if (entry != null) {
            fold.on(entry);
            drawn.on(entry);
        } else if (used != null) {
            use(used, fold);
        } else if (seed != null) {
            drawn.reveal(seed);
        } else {
            throw new IllegalArgumentException("Unknown kind of record");
        }
    }

    private void use(Used used, RoomFold fold) {
        if (!usedTokens.add(used.tokenId())) {
            fold.findings()
                    .add(
                            Invariant.ADMISSION_TOKEN_USED_ONCE,
                            used.buyer() + " is recorded twice with token " + used.tokenId());
        }
        entered.merge(
                used.buyer(),
                Instant.ofEpochMilli(used.enteredAt()),
                (one, other) -> one.isBefore(other) ? one : other);
    }

    /** The violations of the waiting room, and the seats held without an admission. */
    Findings judge(LogFold log, String saleKey) {
        RoomFold fold = room;
        Draw drawn = draw;
        Findings findings = new Findings();
        if (fold != null && drawn != null) {
            findings.addAll(fold.findings());
            findings.addAll(drawn.judge(saleKey));
        }
        // Also without records: whoever held seats of a sale with a waiting room must have entered.
        findings.addAll(log.heldWithoutEntry(entered, CLOCKS_DIFFER));
        return findings;
    }

    long count() {
        return count;
    }

    long admissions() {
        RoomFold fold = room;
        return fold == null ? 0 : fold.admissions();
    }
}
