package dev.onsale.proof.invariant;

import java.util.EnumSet;
import java.util.Set;

/** The rules that must hold under any load, with a text for reports. */
public enum Invariant {
    LOG_IN_ORDER("The log is in order and every event type in it is known"),
    SEQUENCES_WITHOUT_HOLES("The events of each aggregate are numbered from 0 without gaps"),
    ONE_HOLDER_PER_SEAT("A seat has at most one holder or owner at any position of the log"),
    SEAT_LIFE("A seat is booked, released or expired only for the reservation that holds it, freed only if booked,"
            + " and its ticket is used once and only while it is booked"),
    FENCING_TOKENS_GROW("Each hold of a seat has a greater fencing token, and a booking has the token of its hold"),
    RESERVATION_LIFE("A reservation starts with its hold, ends once, and is booked only by its pending payment"),
    SEATS_AGREE_WITH_RESERVATIONS("Seats and reservations agree"),
    EVERY_HOLD_ENDS("Every hold ends: booked, released or expired"),
    NO_BLOCKED_SEAT_SOLD("No seat is held or booked while an operator has taken it off sale"),
    PRICE_IN_FORCE("No hold has another price than the one in force when it was made"),
    ALLOWANCE_KEPT("No buyer has more seats than allowed"),
    NO_OVER_ISSUE("A campaign never issues more coupons than it has"),
    ONE_COUPON_PER_PERSON("No buyer gets more coupons than allowed"),
    RANKS_WITHOUT_HOLES("Coupons are ranked 1 to n in order, without gaps"),
    COUPON_USED_ONCE("A coupon is used for one reservation at a time, by its owner"),
    MONEY_MATCHES_BOOKINGS("Captured money equals confirmed reservations less refunds, each counted once"),
    WALLETS_ADD_UP("The balance of a wallet is never negative, and each payment is debited once"),
    NO_LOST_ACKNOWLEDGEMENT("Every acknowledged request is in the log"),
    NO_REFUSED_FACT("No refused request is in the log"),
    REPEATS_ARE_ONE("The same request, sent twice concurrently, has one result"),
    ALL_WHO_COULD_GOT_A_COUPON("As many coupons are issued as people request, up to the quantity"),
    ADMITTED_IN_ORDER("The waiting room admits visitors in queue order, and each visitor once"),
    ACTIVE_LIMIT_KEPT("The number of active visitors never exceeds the waiting room's limit"),
    ADMISSION_TOKEN_USED_ONCE("An admission token is accepted once"),
    DRAWN_AS_PROMISED("The order of the visitors before the opening matches the committed seed"),
    NOBODY_JUMPED_THE_QUEUE("Every buyer who holds seats of a sale with a waiting room has entered through it"),
    PLACES_KEPT("Every visitor in the waiting room's journal keeps the place, also when Redis loses everything"),
    LOST_REDIS_COMES_BACK("Data lost by Redis is rebuilt from the store while selling continues"),
    READ_MODELS_EQUAL_THE_LOG("Read models equal the fold of the log"),
    EXPORT_VERIFIES("The exported logs match their seals and keep the invariants"),
    EVERY_REQUEST_ANSWERED("Every request gets a response when it is retried with the same key"),
    THE_RUN_WAS_WHOLE("The rehearsal completed and something was sold"),
    NOTHING_LEFT_BEHIND("No processes or files are left after the run");

    private static final Set<Invariant> OF_THE_LOG = EnumSet.range(LOG_IN_ORDER, WALLETS_ADD_UP);

    private final String words;

    Invariant(String words) {
        this.words = words;
    }

    /** Those that a log alone can show. */
    public static Set<Invariant> ofTheLog() {
        return EnumSet.copyOf(OF_THE_LOG);
    }

    /** The rule as one sentence, for reports. */
    public String words() {
        return words;
    }
}
