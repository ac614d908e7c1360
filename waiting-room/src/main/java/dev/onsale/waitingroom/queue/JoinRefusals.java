package dev.onsale.waitingroom.queue;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.time.Instant;

/** Why somebody gets no place, as an answer. */
final class JoinRefusals {

    /** A place in a full room comes free when somebody leaves it; a million who ask each second would not hasten that. */
    private static final Duration FULL_RETRY = Duration.ofSeconds(60);

    private JoinRefusals() {}

    /**
     * @param reason as the script says it
     * @param millis until it is worth another try, 0 if that is not known
     */
    static RefusedException of(String reason, long millis) {
        return switch (reason) {
            case "TOO_EARLY" ->
                new RefusedException(
                        RefusalCode.SALE_NOT_OPEN,
                        "The waiting room is not open yet; come back in " + Math.ceilDiv(millis, 1_000) + " s",
                        Duration.ofMillis(millis));
            case "CLOSED" -> new RefusedException(RefusalCode.SALE_CLOSED, "The waiting room of this sale is closed");
            case "DRAINING" ->
                new RefusedException(
                        RefusalCode.SALE_CLOSED, "The waiting room takes nobody new; who waits is admitted");
            case "FULL" ->
                new RefusedException(
                        RefusalCode.WAITING_ROOM_FULL, "The waiting room is full; try again later", FULL_RETRY);
            case "JOURNAL_BEHIND" ->
                new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        "The waiting room cannot write down new places fast enough; try again shortly");
            case "PROOF_OF_WORK_MISSING" ->
                new RefusedException(
                        RefusalCode.PROOF_OF_WORK_REQUIRED,
                        "Solve the challenge of this waiting room and join with it");
            case "PROOF_OF_WORK_USED" ->
                new RefusedException(
                        RefusalCode.PROOF_OF_WORK_REQUIRED, "This challenge was used before; solve a new one");
            case "ADDRESS_LIMIT" ->
                new RefusedException(
                        RefusalCode.RATE_LIMITED,
                        "Too many places were taken from your network address; try again in "
                                + Math.ceilDiv(Math.max(0, millis), 1_000) + " s",
                        Duration.ofMillis(Math.max(0, millis)));
            default -> throw new IllegalStateException("A script answered " + reason);
        };
    }

    /**
     * @param restoredAt when the room was last built anew, 0 for never
     * @param journalUntil until when the journal had everything then
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
