package dev.onsale.waitingroom.queue;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.time.Instant;

/** Refusals of joins and polls. */
final class JoinRefusals {

    /** More frequent retries would not free a place in a full room earlier. */
    private static final Duration FULL_RETRY = Duration.ofSeconds(60);

    private JoinRefusals() {}

    /**
     * @param reason outcome of the script
     * @param millis time until a retry makes sense, 0 if unknown
     */
    static RefusedException of(String reason, long millis) {
        return switch (reason) {
            case "TOO_EARLY" ->
                new RefusedException(
                        RefusalCode.SALE_NOT_OPEN,
                        "The waiting room is not open yet. Try again in " + Math.ceilDiv(millis, 1_000) + " s",
                        Duration.ofMillis(millis));
            case "CLOSED" -> new RefusedException(RefusalCode.SALE_CLOSED, "The waiting room of this sale is closed");
            case "DRAINING" ->
                new RefusedException(RefusalCode.SALE_CLOSED, "The waiting room is closed for new visitors");
            case "FULL" ->
                new RefusedException(
                        RefusalCode.WAITING_ROOM_FULL, "The waiting room is full; try again later", FULL_RETRY);
            case "JOURNAL_BEHIND" ->
                new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        "The waiting room cannot record new places fast enough. Try again shortly");
            case "PROOF_OF_WORK_MISSING" ->
                new RefusedException(
                        RefusalCode.PROOF_OF_WORK_REQUIRED,
                        "Solve the challenge of this waiting room and send it with the join");
            case "PROOF_OF_WORK_USED" ->
                new RefusedException(
                        RefusalCode.PROOF_OF_WORK_REQUIRED, "This challenge was used before; solve a new one");
            case "ADDRESS_LIMIT" ->
                new RefusedException(
                        RefusalCode.RATE_LIMITED,
                        "Too many joins from your network address. Try again in "
                                + Math.ceilDiv(Math.max(0, millis), 1_000) + " s",
                        Duration.ofMillis(Math.max(0, millis)));
            default -> throw new IllegalStateException("Unknown outcome of a script: " + reason);
        };
    }

    /**
     * @param restoredAt last restoration of the room, 0 for none
     * @param journalUntil last recorded event before it
     */
    static RefusedException noVisitor(long restoredAt, long journalUntil) {
        return new RefusedException(
                RefusalCode.VISITOR_NOT_FOUND,
                restoredAt == 0
                        ? "You have no place in this waiting room; join to get one"
                        : "You have no place in this waiting room; join to get one. The room was restored at "
                                + Instant.ofEpochMilli(restoredAt) + ": places taken after "
                                + Instant.ofEpochMilli(journalUntil) + " were lost");
    }
}
