package dev.onsale.proof.invariant;

/** The rules that must hold under any load, with a text for reports. */
public enum Invariant {
    LOG_IN_ORDER("The log is in order and every fact in it is known"),
    SEQUENCES_WITHOUT_HOLES("The facts of each aggregate are numbered from 0 without holes"),
    ONE_HOLDER_PER_SEAT("A seat has at most one holder or owner at any position of the log"),
    SEAT_LIFE("A seat is booked, released or expired only for the reservation that holds it, and freed only if booked"),
    FENCING_TOKENS_GROW("Each hold of a seat carries a greater fencing token, and a booking that of its hold"),
    RESERVATION_LIFE("A reservation goes from its hold to one end, and is booked by the payment it waits for"),
    SEATS_AGREE_WITH_RESERVATIONS("What seats say and what reservations say is the same"),
    EVERY_HOLD_ENDS("Every hold ends: booked, released or expired"),
    ALLOWANCE_KEPT("Nobody has more seats than one person may have"),
    NO_OVER_ISSUE("A campaign never issues more coupons than it has"),
    ONE_COUPON_PER_PERSON("Nobody gets more coupons than one person may have"),
    RANKS_WITHOUT_HOLES("Coupons are ranked 1 to n in order, without holes"),
    COUPON_USED_ONCE("A coupon is used for one reservation at a time, by its owner"),
    MONEY_MATCHES_BOOKINGS("Captured money is the sum of confirmed reservations less refunds, each exactly once"),
    WALLETS_ADD_UP("A wallet never holds less than nothing, and pays each payment once"),
    NO_LOST_ACKNOWLEDGEMENT("What a buyer was told is in the log"),
    NO_REFUSED_FACT("What a buyer was refused is not in the log"),
    REPEATS_ARE_ONE("The same request sent twice at once is one request"),
    ALL_WHO_COULD_GOT_A_COUPON("As many coupons were issued as people asked, up to the quantity"),
    ADMITTED_IN_ORDER("The waiting room admits in the order of its queue, and each one once"),
    ACTIVE_LIMIT_KEPT("There are never more people at the counter than the waiting room's limit"),
    ADMISSION_TOKEN_USED_ONCE("An admission token opens the sale once"),
    DRAWN_AS_PROMISED("Who came before the opening stands in the order that the promised seed draws"),
    NOBODY_JUMPED_THE_QUEUE("Whoever holds seats of a sale with a waiting room had come in through it"),
    PLACES_KEPT("Whoever the waiting room's journal knows keeps the place, also when Redis loses everything"),
    LOST_REDIS_COMES_BACK("What Redis lost is whole again, from the store, while selling goes on"),
    READ_MODELS_EQUAL_THE_LOG("What can be read equals the fold of the log"),
    EXPORT_VERIFIES("The exported logs are what was sealed, and keep their promises offline"),
    EVERY_REQUEST_ANSWERED("Whoever asks again with the same key gets an answer in the end"),
    THE_RUN_WAS_WHOLE("The rehearsal ran to its end and something was sold"),
    NOTHING_LEFT_BEHIND("Nothing is left behind after the run");

    private final String words;

    Invariant(String words) {
        this.words = words;
    }

    /** The rule as one sentence, for reports. */
    public String words() {
        return words;
    }
}
