package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one coupon that was issued. Travels as the canonical text of its UUID. */
public record CouponId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static CouponId of(String text) {
        return new CouponId(Ids.parseUuid("CouponId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static CouponId next() {
        return new CouponId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
