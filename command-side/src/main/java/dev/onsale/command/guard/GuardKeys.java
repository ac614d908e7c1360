package dev.onsale.command.guard;

/** Names of the guard's keys. The sale in braces keeps all keys of a sale in one slot of a Redis Cluster. */
final class GuardKeys {

    private GuardKeys() {}

    static String seats(String sale) {
        return "onsale:{" + sale + "}:guard:seats";
    }

    static String coupons(String sale) {
        return "onsale:{" + sale + "}:guard:coupons";
    }

    static String buyers(String sale) {
        return "onsale:{" + sale + "}:guard:buyers";
    }

    static String pending(String sale) {
        return "onsale:{" + sale + "}:guard:pending";
    }

    /** Present if the guard of the sale is complete; for campaigns it carries {@code quantity|max per buyer}. */
    static String epoch(String sale) {
        return "onsale:{" + sale + "}:guard:epoch";
    }
}
