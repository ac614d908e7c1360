package dev.onsale.command.guard.seat;

import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.seat.SeatGuard.Request;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.LimitReached;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.command.guard.state.BuyerEntry;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.SeatEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code claim-seats.lua} decides in Redis, for a guard that reads first and writes later. */
sealed interface SeatDecision {

    /** The guard of the performance is not complete. */
    record Lost() implements SeatDecision {}

    record Refused(SeatClaims answer) implements SeatDecision {}

    /**
     * @param fencingTokens in the order of the request
     * @param replacements field, expected and new value, one after the other; empty if there is nothing to write
     */
    record Grantable(List<Long> fencingTokens, List<String> replacements) implements SeatDecision {
        public Grantable {
            fencingTokens = List.copyOf(fencingTokens);
            replacements = List.copyOf(replacements);
        }
    }

    /** The fields that a decision needs, in the order in which {@link #of} expects their values. */
    static String[] fields(Request request) {
        List<String> fields = new ArrayList<>();
        fields.add(GuardKeys.EPOCH);
        fields.add(GuardKeys.buyerField(request.buyer()));
        request.seats().stream().map(SeatLabel::value).forEach(fields::add);
        return fields.toArray(String[]::new);
    }

    static SeatDecision of(Request request, List<@Nullable String> values, long claimUntil) {
        if (values.get(0) == null) {
            return new Lost();
        }
        long now = request.now().toEpochMilli();
        String reservation = request.reservation().toString();
        List<Long> tokens = new ArrayList<>();
        List<String> replacements = new ArrayList<>();
        boolean lapsedHold = false;
        int index = 2;
        for (SeatLabel label : request.seats()) {
            String value = values.get(index++);
            SeatEntry seat = value == null ? SeatEntry.UNKNOWN : SeatEntry.parse(value);
            if (seat == null) {
                return new Refused(new Away());
            }
            if (seat.isTakenFor(reservation, now)) {
                return new Refused(new Taken(label));
            }
            boolean mine = seat.reservation().equals(reservation) && !seat.isClaim();
            lapsedHold |= !mine && seat.state() == SeatEntry.HELD;
            SeatEntry claimed = mine ? seat : seat.claimedBy(reservation, claimUntil);
            tokens.add(claimed.token());
            if (!mine) {
                replacements.add(label.value());
                replacements.add(value == null ? "" : value);
                replacements.add(claimed.toString());
            }
        }
        if (replacements.isEmpty()) {
            return new Grantable(tokens, replacements);
        }
        int claimed = replacements.size() / 3;
        String buyerValue = values.get(1);
        BuyerEntry buyer = buyerValue == null ? BuyerEntry.UNKNOWN : BuyerEntry.parse(buyerValue);
        if (buyer == null) {
            return new Refused(new Away());
        }
        int beside = buyer.seatsBeside(reservation, now);
        // A hold that has just lapsed may be the buyer's own and still be counted: the allowance itself decides.
        if (!lapsedHold && beside + claimed > request.seatsPerBuyerMax()) {
            return new Refused(new LimitReached(beside));
        }
        replacements.add(GuardKeys.buyerField(request.buyer()));
        replacements.add(buyerValue == null ? "" : buyerValue);
        replacements.add(buyer.claiming(reservation, claimed, claimUntil, now).toString());
        return new Grantable(tokens, replacements);
    }
}
