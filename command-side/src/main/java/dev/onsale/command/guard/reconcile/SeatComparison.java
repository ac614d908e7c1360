package dev.onsale.command.guard.reconcile;

import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.command.guard.state.BuyerEntry;
import dev.onsale.command.guard.state.FactReader;
import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.SeatEntry;
import dev.onsale.eventlog.StoredEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares one field of a guard with the store. The store must be read after the field. */
final class SeatComparison {

    private SeatComparison() {}

    /** The result of a comparison. */
    sealed interface Verdict {

        record Right() implements Verdict {}

        /** A difference that the log may still remove. */
        record Young() implements Verdict {}

        /**
         * @param value as it has to be; empty for a field that has to go
         */
        record Wrong(GuardDifference difference, String value) implements Verdict {}
    }

    private static final Verdict RIGHT = new Verdict.Right();
    private static final Verdict YOUNG = new Verdict.Young();

    /**
     * A seat as its newest facts tell it.
     *
     * @param changedAt when the newest was written
     */
    record StoredSeat(SeatEntry entry, Instant changedAt) {

        static final StoredSeat NEVER_ASKED_FOR = new StoredSeat(SeatEntry.UNKNOWN, Instant.EPOCH);

        static StoredSeat of(List<StoredEvent> newest) {
            StoredSeat seat = NEVER_ASKED_FOR;
            for (StoredEvent event : newest) {
                if (!(FactReader.read(event) instanceof SeatEvent fact)) {
                    throw new IllegalStateException(event.type() + " is no fact of a seat");
                }
                long q = event.sequence();
                long token = seat.entry.token();
                String holder = String.valueOf(fact.reservationId());
                SeatEntry entry =
                        switch (fact) {
                            case SeatHeld held ->
                                new SeatEntry(
                                        SeatEntry.HELD,
                                        holder,
                                        held.fencingToken(),
                                        held.heldUntil().toEpochMilli(),
                                        q);
                            case SeatBooked booked ->
                                new SeatEntry(SeatEntry.BOOKED, holder, booked.fencingToken(), 0, q);
                            case TicketCheckedIn used ->
                                new SeatEntry(SeatEntry.BOOKED, holder, used.fencingToken(), 0, q);
                            case SeatReleased unused -> new SeatEntry(SeatEntry.AVAILABLE, "", token, 0, q);
                            case SeatHoldExpired unused -> new SeatEntry(SeatEntry.AVAILABLE, "", token, 0, q);
                            case SeatFreed unused -> new SeatEntry(SeatEntry.AVAILABLE, "", token, 0, q);
                            case SeatBlocked blocked ->
                                new SeatEntry(SeatEntry.BLOCKED, "", Math.max(token, blocked.fencingToken()), 0, q);
                            case SeatUnblocked unblocked ->
                                new SeatEntry(SeatEntry.AVAILABLE, "", Math.max(token, unblocked.fencingToken()), 0, q);
                        };
                seat = new StoredSeat(entry, event.occurredAt());
            }
            return seat;
        }

        private boolean isTaken(long now) {
            return entry.state() == SeatEntry.BOOKED
                    || entry.state() == SeatEntry.BLOCKED
                    || (entry.state() == SeatEntry.HELD && entry.until() > now);
        }

        /** The entry, with no token smaller than one that was handed out. */
        private String after(@Nullable SeatEntry guarded) {
            long token = guarded == null ? entry.token() : Math.max(entry.token(), guarded.token());
            return new SeatEntry(entry.state(), entry.reservation(), token, entry.until(), entry.sequence()).toString();
        }
    }

    static Verdict seat(@Nullable String value, StoredSeat stored, ReconciliationRun run) {
        if (value == null) {
            return stored.entry().sequence() < 0
                    ? RIGHT
                    : unlessYoung(stored.changedAt(), GuardDifference.SEAT_BEHIND, stored.after(null), run);
        }
        SeatEntry guarded = SeatEntry.parse(value);
        if (guarded == null) {
            return new Verdict.Wrong(GuardDifference.FIELD_UNREADABLE, stored.after(null));
        }
        String right = stored.after(guarded);
        if (guarded.sequence() > stored.entry().sequence()) {
            return new Verdict.Wrong(GuardDifference.SEAT_AHEAD, right);
        }
        if (guarded.sequence() < stored.entry().sequence()) {
            return unlessYoung(stored.changedAt(), GuardDifference.SEAT_BEHIND, right, run);
        }
        if (guarded.token() < stored.entry().token()) {
            return new Verdict.Wrong(GuardDifference.SEAT_WRONG, right);
        }
        boolean taken = stored.isTaken(run.now());
        if (guarded.isClaim()) {
            if (run.isOrphaned(guarded.until())) {
                return new Verdict.Wrong(GuardDifference.SEAT_CLAIM_ORPHANED, right);
            }
            return taken ? new Verdict.Wrong(GuardDifference.SEAT_WRONG, right) : RIGHT;
        }
        // A hold whose time is over may have been claimed and given back since; its seat is free or not, both are
        // right.
        return guarded.toString().equals(right) || (guarded.isAvailable() && !taken)
                ? RIGHT
                : new Verdict.Wrong(GuardDifference.SEAT_WRONG, right);
    }

    static Verdict buyer(@Nullable String value, @Nullable StoredEvent newest, ReconciliationRun run) {
        long sequence = newest == null ? -1 : newest.sequence();
        int seatsInUse = newest == null ? 0 : seatsInUse(newest);
        Instant changedAt = newest == null ? Instant.EPOCH : newest.occurredAt();
        if (value == null) {
            String right = new BuyerEntry(sequence, seatsInUse, List.of()).toString();
            return seatsInUse == 0 ? RIGHT : unlessYoung(changedAt, GuardDifference.BUYER_BEHIND, right, run);
        }
        BuyerEntry guarded = BuyerEntry.parse(value);
        if (guarded == null) {
            return new Verdict.Wrong(
                    GuardDifference.FIELD_UNREADABLE, valueOf(new BuyerEntry(sequence, seatsInUse, List.of())));
        }
        List<BuyerEntry.Claim> live = guarded.claims().stream()
                .filter(claim -> !run.isOrphaned(claim.until()))
                .toList();
        String right = valueOf(new BuyerEntry(sequence, seatsInUse, live));
        if (guarded.sequence() > sequence) {
            return new Verdict.Wrong(GuardDifference.BUYER_AHEAD, right);
        }
        if (guarded.sequence() < sequence) {
            return unlessYoung(changedAt, GuardDifference.BUYER_BEHIND, right, run);
        }
        if (guarded.seatsInUse() != seatsInUse) {
            return new Verdict.Wrong(GuardDifference.BUYER_WRONG, right);
        }
        return live.size() < guarded.claims().size()
                ? new Verdict.Wrong(GuardDifference.BUYER_CLAIM_ORPHANED, right)
                : RIGHT;
    }

    private static String valueOf(BuyerEntry entry) {
        return entry.equals(BuyerEntry.UNKNOWN) ? "" : entry.toString();
    }

    private static int seatsInUse(StoredEvent newest) {
        if (!(FactReader.read(newest) instanceof AllowanceEvent fact)) {
            throw new IllegalStateException(newest.type() + " is no fact of an allowance");
        }
        return switch (fact) {
            case AllowanceUsed used -> used.seatsInUse();
            case AllowanceReturned returned -> returned.seatsInUse();
        };
    }

    private static Verdict unlessYoung(
            Instant changedAt, GuardDifference difference, String value, ReconciliationRun run) {
        return run.isYoung(changedAt) ? YOUNG : new Verdict.Wrong(difference, value);
    }
}
