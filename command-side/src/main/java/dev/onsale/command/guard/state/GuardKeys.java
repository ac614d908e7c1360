package dev.onsale.command.guard.state;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * Names of the guard's keys and fields. The sale in braces keeps all keys of a sale in one slot of a Redis Cluster. The seats of
 * a performance, its buyers and the mark of completeness are fields of one hash: they can only be lost together.
 */
public final class GuardKeys {

    /** Present if the guard of the performance is complete. No seat's label has a control character, so none is named so. */
    public static final String EPOCH = "\tepoch";
    /** Present while a rebuild is under way: whose it is. */
    static final String REBUILD = "\trebuild";

    private static final String BUYER = "\tbuyer:";

    private GuardKeys() {}

    public static String seats(String sale) {
        return "onsale:{" + sale + "}:guard:seats";
    }

    public static String buyerField(BuyerId buyer) {
        return BUYER + buyer;
    }

    public static boolean isBuyerField(String field) {
        return field.startsWith(BUYER);
    }

    /** Whether a field of a buyer names one who can be. */
    public static boolean isBuyer(String field) {
        try {
            return isBuyerField(field) && !buyerOf(field).value().isEmpty();
        } catch (InvalidValueException e) {
            return false;
        }
    }

    /** Whether a field says something of the guard itself. */
    public static boolean isOwn(String field) {
        return field.equals(EPOCH) || field.equals(REBUILD);
    }

    public static BuyerId buyerOf(String field) {
        return BuyerId.of(field.substring(BUYER.length()));
    }

    /** Present for a while after a cancelled reservation was given back: until when its facts are waited for. */
    public static String givenBack(String sale, String reservation) {
        return "onsale:{" + sale + "}:guard:given-back:" + reservation;
    }

    /** Present for a moment after the writer has refused best seats: the smallest refused quantity by category. */
    public static String refusedBest(String sale) {
        return "onsale:{" + sale + "}:guard:refused-best";
    }

    /** Present for a while after a request for the best seats went to the writer. */
    public static String askedBest(String sale, String reservation) {
        return "onsale:{" + sale + "}:guard:asked-best:" + reservation;
    }

    public static String lock(String sale, String name) {
        return "onsale:{" + sale + "}:guard:lock:" + name;
    }

    public static String coupons(String sale) {
        return "onsale:{" + sale + "}:guard:coupons";
    }

    public static String buyers(String sale) {
        return "onsale:{" + sale + "}:guard:buyers";
    }

    public static String pending(String sale) {
        return "onsale:{" + sale + "}:guard:pending";
    }

    /** Present if the guard of a campaign is complete: {@code quantity|max per buyer}. */
    public static String epoch(String sale) {
        return "onsale:{" + sale + "}:guard:epoch";
    }

    public static String reconciling(String sale) {
        return "onsale:{" + sale + "}:guard:reconciling";
    }

    /** The sale of a key that each guard has once; null for any other key. */
    public static @Nullable String saleOfGuard(String key) {
        int open = key.indexOf('{');
        int close = key.indexOf('}');
        if (open < 0 || close < open) {
            return null;
        }
        String sale = key.substring(open + 1, close);
        return key.equals(seats(sale)) || key.equals(epoch(sale)) ? sale : null;
    }

    public static String report(String sale, String kind) {
        return "onsale:{" + sale + "}:guard:report:" + kind;
    }

    static String rebuild(String sale) {
        return "onsale:{" + sale + "}:guard:rebuild";
    }
}
